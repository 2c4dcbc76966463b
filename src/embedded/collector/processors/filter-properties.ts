import { stringOf } from '../../../otlp/attributes.ts'
import type { LogRecord, Metric, ResourceOf, Scope, Signal, Span } from '../../../otlp/types.ts'
import { compileMatch } from './attributes-match.ts'
import { tests } from './match-tests.ts'

type Drops = (item: unknown, group: ResourceOf<unknown>, scope: Scope) => boolean

interface Properties {
  match_type: string
  metric_names: string[]
  expressions: string[]
  resource_attributes: { key: string; value?: unknown }[]
  record_attributes: { key: string; value?: unknown }[]
  severity_texts: string[]
  severity_number?: { min: string; match_undefined: boolean }
  bodies: string[]
}

/** The filter's oldest form: `include` keeps what matches, `exclude` drops it. Undefined where neither is written. */
// biome-ignore lint/suspicious/noExplicitAny: the schema has checked it
export function propertiesFilter(settings: any, signal: Signal): Drops | undefined {
  if (signal === 'traces') {
    const { include, exclude } = settings.spans ?? {}
    if (!include && !exclude) return undefined
    const keeps = compileMatch({ include, exclude }, 'traces')
    return (span, group, scope) => !keeps(span as Span, group.resource.attributes, scope)
  }
  const { include, exclude } = settings[signal] ?? {}
  if (!include && !exclude) return undefined
  const compile = signal === 'metrics' ? metricTest : logTest
  const [wanted, unwanted] = [include && compile(include), exclude && compile(exclude)]
  return (item, group) => (wanted && !wanted(item, group)) || (unwanted?.(item, group) ?? false)
}

type Matches = (item: unknown, group: ResourceOf<unknown>) => boolean

function metricTest(p: Properties): Matches {
  if (p.match_type === 'expr' || p.expressions.length > 0) {
    throw new Error('match_type expr is not known to the lab; write metric_conditions in OTTL instead')
  }
  const { any, all } = tests(p.match_type)
  const names = any(p.metric_names, 'metric name')
  const resource = all(p.resource_attributes)
  return (item, group) => (names?.((item as Metric).name) ?? true) && resource(group.resource.attributes)
}

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']

function logTest(p: Properties): Matches {
  const { any, all } = tests(p.match_type)
  const [bodies, severities] = [any(p.bodies, 'log record bodies'), any(p.severity_texts, 'log record severity text')]
  const [resource, record] = [all(p.resource_attributes), all(p.record_attributes)]
  const least = p.severity_number ? severityNumber(p.severity_number.min) : 0
  return (item, group) => {
    const log = item as LogRecord
    if (p.severity_number) {
      if (log.severityNumber === 0 ? !p.severity_number.match_undefined : log.severityNumber < least) return false
    }
    return (
      (bodies?.(stringOf(log.body)) ?? true) &&
      (severities?.(log.severityText) ?? true) &&
      resource(group.resource.attributes) &&
      record(log.attributes)
    )
  }
}

/** `WARN2` or a number; the schema has checked it. */
function severityNumber(text: string): number {
  const [, name, step = '1'] = /^([A-Z]+)([2-4])?$/.exec(text.toUpperCase()) ?? []
  return name === undefined ? Number(text) || 0 : LEVELS.indexOf(name) * 4 + Number(step)
}
