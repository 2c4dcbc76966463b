import { attributeOf, stringOf } from '../../../otlp/attributes.ts'
import {
  type AnyValue,
  type KeyValue,
  KeyValueList,
  type LogRecord,
  type Metric,
  type MetricsData,
  type ResourceOf,
  type ScopeOf,
  type Signal,
  type Span,
} from '../../../otlp/types.ts'
import { type Condition, type Context, compileCondition, type Scene, withContext } from '../../../ottl.ts'
import { type Build, type Consume, type Consumer, ConsumerError } from '../component.ts'
import { madeOf } from '../delivery.ts'

interface MetricInfo {
  description: string
  conditions: string[]
  attributes: { key: string; default_value?: unknown }[]
}

/** What is counted of a signal: the setting's key and the context of its conditions. */
const COUNTED: Record<Signal, [key: string, context: Context][]> = {
  traces: [
    ['spans', 'span'],
    ['spanevents', 'spanevent'],
  ],
  metrics: [
    ['metrics', 'metric'],
    ['datapoints', 'datapoint'],
  ],
  logs: [['logs', 'log']],
}

const SCOPE = 'github.com/open-telemetry/opentelemetry-collector-contrib/connector/countconnector'

interface Definition {
  name: string
  description: string
  conditions: { text: string; holds: Condition }[]
  attributes: { key: string; fallback?: AnyValue }[]
}

/** Counts what passes: for each request and resource one sum for each of the metrics. */
export function createCount({ config }: Build, from: Signal, _to: Signal, next: Consume): Consumer {
  const kinds = COUNTED[from].map(([key, context]) => ({
    context,
    definitions: Object.entries(config.settings[key] as Record<string, MetricInfo>).map((one) =>
      definitionOf(one, context),
    ),
  }))
  return {
    async consume({ data, delivery }) {
      let counted: MetricsData
      try {
        counted = (data as ResourceOf<unknown>[]).flatMap((group) => countedOf(group, kinds))
      } catch (error) {
        throw new ConsumerError((error as Error).message, { permanent: false })
      }
      if (counted.length > 0) await next({ signal: 'metrics', data: counted, delivery: madeOf(delivery.runs) })
      delivery.release()
    },
  }
}

function definitionOf([name, info]: [string, MetricInfo], context: Context): Definition {
  return {
    name,
    description: info.description,
    conditions: info.conditions.map((text) => ({
      text,
      holds: compileCondition(withContext(text, context), { context, named: true }),
    })),
    attributes: info.attributes.map(({ key, default_value: value }) => ({
      key,
      ...(value !== undefined && value !== null && { fallback: anyValue(value) }),
    })),
  }
}

/** A YAML value as an attribute's. */
function anyValue(value: unknown): AnyValue {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map(anyValue)
  if (typeof value !== 'object' || value === null) return value as AnyValue
  return new KeyValueList(Object.entries(value).map(([key, inner]) => ({ key, value: anyValue(inner) })))
}

interface Kind {
  context: Context
  definitions: Definition[]
}

function countedOf(group: ResourceOf<unknown>, kinds: readonly Kind[]): MetricsData {
  const metrics = kinds.flatMap((kind) => metricsOf(group, kind))
  if (metrics.length === 0) return []
  const scope = { name: SCOPE, version: '', attributes: [], droppedAttributesCount: 0 }
  const resource = { attributes: group.resource.attributes, droppedAttributesCount: 0 }
  return [{ resource, schemaUrl: '', scopes: [{ scope, schemaUrl: '', items: metrics }] }]
}

function metricsOf(group: ResourceOf<unknown>, { context, definitions }: Kind): Metric[] {
  const counts = definitions.map(() => new Map<string, { attributes: KeyValue[]; count: bigint }>())
  let [start, end] = [0n, 0n]
  for (const { scene, times, attributes } of scenes(context, group)) {
    for (const time of times) {
      if (time === 0n) continue
      if (start === 0n || time < start) start = time
      if (time > end) end = time
    }
    for (const [i, definition] of definitions.entries()) {
      const own = dimensions(definition, attributes, scene)
      if (own === undefined || !applies(definition, scene)) continue
      const key = JSON.stringify(own.map(({ key, value }) => [key, typeof value, stringOf(value)]))
      const counter = counts[i]!.get(key) ?? { attributes: own, count: 0n }
      counter.count++
      counts[i]!.set(key, counter)
    }
  }
  if (start === 0n) start = end = BigInt(Date.now()) * 1_000_000n
  return definitions.flatMap(({ name, description }, i) => {
    const points = [...counts[i]!.values()].map(({ attributes, count }) => ({
      ...{ attributes, value: count, exemplars: [], flags: 0 },
      ...{ startTimeUnixNano: start, timeUnixNano: end },
    }))
    if (points.length === 0) return []
    const data = { type: 'sum', temporality: 1, monotonic: true, points } as const
    return [{ name, description, unit: '', metadata: [], data: { ...data } }]
  })
}

function applies({ conditions }: Definition, scene: Scene): boolean {
  if (conditions.length === 0) return true
  return conditions.some(({ text, holds }) => {
    try {
      return holds(scene)
    } catch (error) {
      throw new Error(`failed to eval condition: ${text}, ${(error as Error).message}`)
    }
  })
}

/** The item's own attributes first, then its scope's, then its resource's, then the default; undefined where one lacks. */
function dimensions(
  { attributes }: Definition,
  own: readonly KeyValue[],
  { scope, group }: Scene,
): KeyValue[] | undefined {
  const found: KeyValue[] = []
  for (const { key, fallback } of attributes) {
    const value =
      attributeOf(own, key) ??
      attributeOf(scope!.scope.attributes, key) ??
      attributeOf(group.resource.attributes, key) ??
      fallback
    if (value === undefined) return undefined
    found.push({ key, value })
  }
  return found
}

interface Seen {
  scene: Scene
  times: readonly bigint[]
  attributes: readonly KeyValue[]
}

function* scenes(context: Context, group: ResourceOf<unknown>): Generator<Seen> {
  for (const scope of group.scopes) {
    for (const item of scope.items) yield* seen(context, { group, scope }, item)
  }
}

function* seen(
  context: Context,
  base: { group: ResourceOf<unknown>; scope: ScopeOf<unknown> },
  item: unknown,
): Generator<Seen> {
  if (context === 'log') {
    const log = item as LogRecord
    yield { scene: { ...base, log }, times: [log.timeUnixNano], attributes: log.attributes }
  } else if (context === 'metric') yield { scene: { ...base, metric: item as Metric }, times: [], attributes: [] }
  else if (context === 'datapoint') {
    const metric = item as Metric
    if (metric.data.type === 'none') throw new Error(`metric "${metric.name}": invalid metric type: Empty`)
    for (const datapoint of metric.data.points) {
      const times = [datapoint.timeUnixNano]
      yield { scene: { ...base, metric, datapoint }, times, attributes: datapoint.attributes }
    }
  } else {
    const span = item as Span
    const times = [span.startTimeUnixNano, span.endTimeUnixNano]
    if (context === 'span') return yield { scene: { ...base, span }, times, attributes: span.attributes }
    for (const spanevent of span.events) {
      yield { scene: { ...base, span, spanevent }, times: [spanevent.timeUnixNano], attributes: spanevent.attributes }
    }
  }
}
