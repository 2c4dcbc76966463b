import { attributeOf, stringOf } from '../../../otlp/attributes.ts'
import type { KeyValue, LogRecord, Metric, Scope, Signal, Span } from '../../../otlp/types.ts'
import { tests } from './match-tests.ts'

interface Properties {
  match_type: string
  services: string[]
  span_names: string[]
  log_bodies: string[]
  log_severity_texts: string[]
  metric_names: string[]
  attributes: { key: string; value?: unknown }[]
  resources: { key: string; value?: unknown }[]
  libraries: { name: string; version?: string }[]
  span_kinds: string[]
}

type Matches = (item: Span | LogRecord | Metric, resource: readonly KeyValue[], scope: Scope) => boolean

/** `include` lets through what matches, `exclude` holds back; every property that is given must match (filterconfig). */
export function compileMatch(settings: { include?: Properties; exclude?: Properties }, signal: Signal): Matches {
  const include = settings.include && compileProperties(settings.include, signal)
  const exclude = settings.exclude && compileProperties(settings.exclude, signal)
  return (...args) => (include?.(...args) ?? true) && !(exclude?.(...args) ?? false)
}

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer']

function compileProperties(p: Properties, signal: Signal): Matches {
  const { any, all, one } = tests(p.match_type)
  const services = any(p.services, 'service name')
  const names = any(
    signal === 'metrics' ? p.metric_names : p.span_names,
    signal === 'metrics' ? 'metric name' : 'span name',
  )
  const kinds = any(
    p.span_kinds.map((kind) => kind.toLowerCase().replace('span_kind_', '')),
    'span kind',
  )
  const bodies = any(p.log_bodies, 'log record bodies')
  const severities = any(p.log_severity_texts, 'log record severity text')
  const attributes = all(p.attributes)
  const resources = all(p.resources)
  const libraries = p.libraries.map((l) => ({
    name: one(l.name),
    version: l.version == null ? undefined : one(l.version),
  }))
  return (item, resource, scope) => {
    if (services && !services(stringOf(attributeOf(resource, 'service.name') ?? ''))) return false
    if (!resources(resource)) return false
    if (libraries.length > 0 && !libraries.some((l) => l.name(scope.name) && (l.version?.(scope.version) ?? true))) {
      return false
    }
    if (signal === 'metrics') return names?.((item as Metric).name) ?? true
    if (!attributes((item as Span).attributes)) return false
    if (signal === 'logs') {
      const log = item as LogRecord
      return (bodies?.(stringOf(log.body)) ?? true) && (severities?.(log.severityText) ?? true)
    }
    const span = item as Span
    return (names?.(span.name) ?? true) && (kinds?.(KINDS[span.kind] ?? '') ?? true)
  }
}
