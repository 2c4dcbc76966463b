import type {
  LogRecord,
  Metric,
  MetricData,
  NumberPoint,
  ResourceOf,
  ScopeOf,
  Signal,
  Span,
} from '../../../otlp/types.ts'
import { type Condition, type Context, compileCondition, inferContext, type Scene, withContext } from '../../../ottl.ts'
import { type Build, type Consume, type Consumer, itemCount } from '../component.ts'
import { createSampler } from '../logger.ts'
import { mapItems } from '../map-data.ts'
import { propertiesFilter } from './filter-properties.ts'

interface Group {
  conditions: string[]
  context: string
  error_mode: string
}

/** From the widest context to the narrowest. */
const ORDER: Record<Signal, Context[]> = {
  traces: ['resource', 'scope', 'span', 'spanevent'],
  metrics: ['resource', 'scope', 'metric', 'datapoint'],
  logs: ['resource', 'scope', 'log'],
}
const OWN: Record<Signal, Context> = { traces: 'span', metrics: 'metric', logs: 'log' }
const FLAT: Record<Signal, string> = {
  traces: 'trace_conditions',
  metrics: 'metric_conditions',
  logs: 'log_conditions',
}
const OLD: Record<Signal, [string, Context][]> = {
  traces: [
    ['resource', 'resource'],
    ['span', 'span'],
    ['spanevent', 'spanevent'],
  ],
  metrics: [
    ['resource', 'resource'],
    ['metric', 'metric'],
    ['datapoint', 'datapoint'],
  ],
  logs: [
    ['resource', 'resource'],
    ['log_record', 'log'],
  ],
}

interface Rule {
  context: Context
  drops: Condition
}

/** Drops what any of its conditions is true for. Throws OttlError for a condition that is none. */
export function createFilter(build: Build, signal: Signal, next: Consume): Consumer {
  const { config, logger, telemetry } = build
  const seldom = createSampler({ tickMs: 10_000, initial: 3, thereafter: 1000 })
  const listed = propertiesFilter(config.settings, signal)
  const rules = rulesOf(config.settings, signal, (mode, text, error) => {
    if (mode === 'propagate') throw error
    if (mode === 'ignore' && seldom(text, Date.now()))
      logger.warn('failed to eval condition', { error: error.message, condition: text })
    return false
  })
  const at = (context: Context) => rules.filter((rule) => rule.context === context).map(({ drops }) => drops)
  const whole = [...at('resource'), ...at('scope')]
  const own = at(OWN[signal])
  const inner = at(signal === 'traces' ? 'spanevent' : 'datapoint')
  const dropped =
    `otelcol_processor_filter_${signal === 'traces' ? 'spans' : signal === 'logs' ? 'logs' : 'datapoints'}.filtered`.replace(
      '.',
      '_',
    )

  const keep = (item: unknown, group: ResourceOf<unknown>, scope: ScopeOf<unknown>): unknown => {
    if (listed?.(item, group, scope.scope)) return undefined
    const scene = sceneOf(signal, item, group, scope)
    if (whole.some((drops) => drops(scene)) || own.some((drops) => drops(scene))) return undefined
    if (inner.length === 0) return item
    if (signal === 'traces') {
      const span = item as Span
      const events = span.events.filter((spanevent) => !inner.some((drops) => drops({ ...scene, spanevent })))
      return events.length === span.events.length ? span : { ...span, events }
    }
    const metric = item as Metric
    if (metric.data.type === 'none') return item
    const points = (metric.data.points as NumberPoint[]).filter(
      (datapoint) => !inner.some((drops) => drops({ ...scene, datapoint })),
    )
    return points.length === 0 ? undefined : { ...metric, data: { ...metric.data, points } as MetricData }
  }

  return {
    consume(payload) {
      if (rules.length === 0 && listed === undefined) return next(payload)
      const kept = mapItems(payload, keep)
      const gone = itemCount(payload) - itemCount(kept)
      if (gone > 0) telemetry.add(dropped, { filter: config.id }, gone)
      if (kept.data.length === 0) return payload.delivery.release()
      return next(kept)
    },
  }
}

function sceneOf(signal: Signal, item: unknown, group: ResourceOf<unknown>, scope: ScopeOf<unknown>): Scene {
  if (signal === 'traces') return { group, scope, span: item as Span }
  return signal === 'logs' ? { group, scope, log: item as LogRecord } : { group, scope, metric: item as Metric }
}

function rulesOf(
  // biome-ignore lint/suspicious/noExplicitAny: the schema has checked it
  settings: any,
  signal: Signal,
  onError: (mode: string, text: string, error: Error) => boolean,
): Rule[] {
  const rules: Rule[] = []
  const add = (text: string, context: Context, mode: string, named: boolean) => {
    const condition = compileCondition(text, { context, named })
    rules.push({
      context,
      drops: (scene) => {
        try {
          return condition(scene)
        } catch (error) {
          return onError(mode, text, error as Error)
        }
      },
    })
  }
  for (const group of (settings[FLAT[signal]] ?? []) as Group[]) {
    const mode = group.error_mode || settings.error_mode
    for (const text of group.conditions) {
      const given = group.context as Context | ''
      if (given === '') add(text, inferContext(text, ORDER[signal]), mode, true)
      else add(withContext(text, given), given, mode, true)
    }
  }
  for (const [key, context] of OLD[signal]) {
    for (const text of (settings[signal]?.[key] ?? []) as string[]) add(text, context, settings.error_mode, false)
  }
  return rules
}
