import { type Context, compileCondition, inferContext, unsupportedFunctions, withContext } from '../../ottl.ts'
import type { Signal } from '../../util/signal.ts'
import { ALL_SIGNALS, component } from '../component.ts'
import { type Complaint, list, maybeList, oneOf, type SettingsIn, string, struct, text } from '../schema.ts'
import { logMatchFields, matchFields, metricMatchFields } from '../shared/match.ts'
import {
  attributeFilters,
  type MatchConfig,
  faultOf as matchFault,
  matchProblems,
  metricFilters,
} from '../shared/match-build.ts'
import { ottlFault } from '../shared/ottl-fault.ts'

const errorMode = () => oneOf(['ignore', 'silent', 'propagate'], 'ignore', (text) => `unknown error mode ${text}`)

/**
 * A group of OTTL conditions. A bare string in `trace_conditions` and its like means a group of one; once decoded
 * it is always groups: `[{conditions: [...], context, error_mode}]`.
 */
const conditions = () => ({
  ...maybeList(
    struct('condition.ContextConditions', {
      conditions: list(string()),
      context: text((word) => ({ value: word.toLowerCase() }), ''),
      error_mode: oneOf(['ignore', 'silent', 'propagate', ''], '', (text) => `unknown error mode ${text}`),
    }),
  ),
  bareItems: 'conditions',
})

const fields = {
  error_mode: errorMode(),
  trace_conditions: conditions(),
  metric_conditions: conditions(),
  log_conditions: conditions(),
  profile_conditions: conditions(),
  traces: struct('filterprocessor.TraceFilters', {
    resource: maybeList(string()),
    span: maybeList(string()),
    spanevent: maybeList(string()),
  }),
  metrics: struct('filterprocessor.MetricFilters', {
    ...metricMatchFields(),
    resource: maybeList(string()),
    metric: maybeList(string()),
    datapoint: maybeList(string()),
  }),
  logs: struct('filterprocessor.LogFilters', {
    ...logMatchFields(),
    resource: maybeList(string()),
    log_record: maybeList(string()),
  }),
  profiles: struct('filterprocessor.ProfileFilters', {
    resource: maybeList(string()),
    profile: maybeList(string()),
  }),
  spans: struct('filterconfig.MatchConfig', matchFields()),
}

type Settings = SettingsIn<typeof fields>

/** By keys that another table has. */
const at = (settings: object, ...keys: string[]): unknown =>
  keys.reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], settings)

const written = (list: unknown) => list !== undefined

/** The old keys and the new ones exclude each other (filterprocessor config.go). */
function clash(f: Settings): Complaint | undefined {
  const old = (group: string, keys: string[]) => keys.some((key) => written(at(f, group, key)))
  for (const { key, signal, group, keys } of [
    { key: 'trace_conditions', signal: 'trace', group: 'traces', keys: ['resource', 'span', 'spanevent'] },
    {
      key: 'metric_conditions',
      signal: 'metric',
      group: 'metrics',
      keys: ['resource', 'metric', 'datapoint', 'include', 'exclude'],
    },
    { key: 'log_conditions', signal: 'log', group: 'logs', keys: ['resource', 'log_record', 'include', 'exclude'] },
    { key: 'profile_conditions', signal: 'profile', group: 'profiles', keys: ['resource', 'profile'] },
  ]) {
    if (!written(at(f, key)) || !old(group, keys)) continue
    const listed = keys.map((one) => `"${group}.${one === 'log_record' ? 'log' : one}"`).join(', ')
    const words = `cannot use context inferred ${signal} conditions "${key}" and the settings ${listed} at the same time`
    return { message: words, key: [key] }
  }
  return undefined
}

function explicitClash(f: Settings): Complaint | undefined {
  for (const { group, names, other, what } of [
    { group: 'traces', names: ['resource', 'span', 'spanevent'], other: 'spans', what: 'the span settings' },
    { group: 'metrics', names: ['resource', 'metric', 'datapoint'], other: 'metrics', what: 'the settings' },
    { group: 'logs', names: ['resource', 'log_record'], other: 'logs', what: 'the settings' },
  ]) {
    const both =
      names.some((name) => written(at(f, group, name))) && (at(f, other, 'include') || at(f, other, 'exclude'))
    if (!both) continue
    const listed = names.map((name) => `"${group}.${name === 'log_record' ? 'log' : name}"`).join(', ')
    const words = `cannot use ${listed} and ${what} "${other}.include", "${other}.exclude" at the same time`
    return { message: words, key: [group] }
  }
  return undefined
}

const FLAT: Record<string, Context[]> = {
  trace_conditions: ['resource', 'scope', 'span', 'spanevent'],
  metric_conditions: ['resource', 'scope', 'metric', 'datapoint'],
  log_conditions: ['resource', 'scope', 'log'],
}

const OLD: [group: string, key: string, context: Context][] = [
  ['traces', 'resource', 'resource'],
  ['traces', 'span', 'span'],
  ['traces', 'spanevent', 'spanevent'],
  ['metrics', 'resource', 'resource'],
  ['metrics', 'metric', 'metric'],
  ['metrics', 'datapoint', 'datapoint'],
  ['logs', 'resource', 'resource'],
  ['logs', 'log_record', 'log'],
]

interface Group {
  conditions: string[]
  context: string
}

/** Conditions whose context is inferred, or written beside them; of a group the first that is wrong is told. */
function* inferred(f: Settings): Generator<Complaint> {
  for (const [key, contexts] of Object.entries(FLAT)) {
    for (const [i, group] of ((at(f, key) ?? []) as Group[]).entries()) {
      const where = [key, String(i)]
      const { context, conditions } = group
      if (context !== '' && !contexts.includes(context as Context)) {
        yield { message: `unknown context "${context}" for conditions: [${conditions.join(' ')}]`, key: where }
        continue
      }
      for (const [j, text] of conditions.entries()) {
        const place = [...where, 'conditions', String(j)]
        const fault = ottlFault(() => {
          if (context === '') compileCondition(text, { context: inferContext(text, contexts), named: true })
          else compileCondition(withContext(text, context as Context), { context: context as Context, named: true })
        })
        if (fault !== undefined) {
          yield { message: fault, key: place }
          break
        }
        yield* notRun(text, place)
      }
    }
  }
}

function* explicit(f: Settings): Generator<Complaint> {
  for (const [group, key, context] of OLD) {
    for (const [i, text] of ((at(f, group, key) ?? []) as string[]).entries()) {
      const place = [group, key, String(i)]
      const fault = ottlFault(() => void compileCondition(text, { context }))
      if (fault !== undefined) yield { message: fault, key: place }
      else yield* notRun(text, place)
    }
  }
}

/** The real collector takes it; a condition that cannot be worked out here drops nothing. */
function* notRun(text: string, key: string[]): Generator<Complaint> {
  for (const name of unsupportedFunctions(text)) {
    const message = `the real collector runs ${name}, the embedded one does not: this condition will drop nothing here`
    yield { severity: 'warning', message, key, hint: 'try it on the docker engine: otel-lab up --engine docker' }
  }
}

function* check(f: Settings): Generator<Complaint> {
  const inferredClash = clash(f)
  if (inferredClash !== undefined) return yield inferredClash
  const first = [...inferred(f)]
  yield* first
  if (first.some(({ severity }) => severity === undefined)) return
  const otherClash = explicitClash(f)
  if (otherClash !== undefined) return yield otherClash
  yield* explicit(f)
}

/** Drops what a condition is true for. The conditions' own syntax is for the collector to compile. */
export const filterProcessor = component({
  kind: 'processor',
  type: 'filter',
  signals: ALL_SIGNALS,
  schema: { ...struct('filterprocessor.Config', fields, check), nests: true },
  build,
})

const CONDITIONS: Record<Signal, string[]> = {
  traces: ['resource', 'span', 'spanevent'],
  metrics: ['resource', 'metric', 'datapoint'],
  logs: ['resource', 'log_record'],
}

/** The forms of old, `include` and `exclude`, are only looked at when the processor is built. */
function* build(f: Settings, signal: Signal): Generator<Complaint> {
  const flat = at(f, `${signal.slice(0, -1)}_conditions`) as Group[] | undefined
  if ((flat?.length ?? 0) > 0 || CONDITIONS[signal].some((key) => written(at(f, signal, key)))) return
  if (signal === 'traces') return yield* matchProblems(f.spans, 'traces', ['spans'])
  if (signal === 'logs') {
    for (const { message, key } of matchProblems(logMatch(f.logs), 'logs', ['logs'])) {
      yield { message: `failed to build skip matcher: ${message}`, ...(key && { key }) }
    }
    return
  }
  for (const work of [
    (p: MetricProperties) => attributeFilters(p.resource_attributes, p.match_type, ''),
    (p: MetricProperties) => metricFilters(p.match_type === 'expr' ? [] : p.metric_names, p.match_type),
  ]) {
    for (const key of ['include', 'exclude'] as const) {
      const properties = f.metrics[key]
      const fault = properties && matchFault(() => work(properties))
      if (fault !== undefined) return yield { message: fault, key: ['metrics', key] }
    }
  }
}

interface MetricProperties {
  match_type: string
  metric_names: string[]
  resource_attributes: { key: string; value?: unknown }[]
}

function logMatch(logs: Settings['logs']): MatchConfig {
  const NONE = { services: [], span_names: [], span_kinds: [], metric_names: [], libraries: [] }
  const config: MatchConfig = {}
  for (const key of ['include', 'exclude'] as const) {
    const p = logs[key]
    if (p === undefined) continue
    const rules = {
      ...NONE,
      match_type: p.match_type,
      log_bodies: p.bodies,
      log_severity_texts: p.severity_texts,
      log_severity_number: p.severity_number,
      attributes: p.record_attributes,
      resources: p.resource_attributes,
    }
    const lists = [p.bodies, p.severity_texts, p.record_attributes, p.resource_attributes]
    if (p.severity_number === undefined && lists.every((list: unknown[]) => list.length === 0)) continue
    config[key] = rules
  }
  return config
}
