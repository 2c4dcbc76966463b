import { ALL_SIGNALS, type ComponentDefinition } from '../component.ts'
import { type Check, list, maybeList, oneOf, type Schema, type StructSchema, string, struct } from '../schema.ts'
import { logMatchFields, matchFields, metricMatchFields } from '../shared/match.ts'

const errorMode = () => oneOf(['ignore', 'silent', 'propagate'], 'ignore', (text) => `unknown error mode ${text}`)

/**
 * A group of OTTL conditions. A bare string in `trace_conditions` and its like means a group of one; once decoded
 * it is always groups: `[{conditions: [...], context, error_mode}]`.
 */
const conditions = (): Schema => ({
  kind: 'list',
  bareItems: 'conditions',
  of: struct('condition.ContextConditions', {
    conditions: list(string()),
    context: string(),
    error_mode: string(),
  }),
})

const written = (list: unknown) => list !== undefined

/** The old keys and the new ones exclude each other (filterprocessor config.go). */
const check: Check = function* (f) {
  const old = (group: string, keys: string[]) => keys.some((key) => written(f[group][key]))
  const clash = (key: string, signal: string, group: string, keys: string[]) =>
    written(f[key]) && old(group, keys)
      ? {
          message: `cannot use context inferred ${signal} conditions "${key}" and the settings ${keys.map((k) => `"${group}.${k}"`).join(', ')} at the same time`,
          key: [key],
        }
      : undefined
  const clashes = [
    clash('trace_conditions', 'trace', 'traces', ['resource', 'span', 'spanevent']),
    clash('metric_conditions', 'metric', 'metrics', ['resource', 'metric', 'datapoint', 'include', 'exclude']),
    clash('log_conditions', 'log', 'logs', ['resource', 'log_record', 'include', 'exclude']),
  ]
  for (const complaint of clashes) if (complaint !== undefined) yield complaint
  for (const [group, names] of Object.entries({
    metrics: ['resource', 'metric', 'datapoint'],
    logs: ['resource', 'log_record'],
  })) {
    if (old(group, names) && old(group, ['include', 'exclude'])) {
      const listed = names.map((name) => `"${group}.${name === 'log_record' ? 'log' : name}"`).join(', ')
      const message = `cannot use ${listed} and the settings "${group}.include", "${group}.exclude" at the same time`
      yield { message, key: [group] }
    }
  }
}

const nesting = (of: StructSchema): StructSchema => ({ ...of, nests: true })

/** Drops what a condition is true for. The conditions' own syntax is for the collector to compile. */
export const filterProcessor: ComponentDefinition = {
  kind: 'processor',
  type: 'filter',
  signals: ALL_SIGNALS,
  schema: nesting(
    struct(
      'filterprocessor.Config',
      {
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
      },
      check,
    ),
  ),
}
