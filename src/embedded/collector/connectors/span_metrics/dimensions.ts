import { attributeOf, stringOf } from '../../../../otlp/attributes.ts'
import type { AnyValue, KeyValue, Scope, Span } from '../../../../otlp/types.ts'

export interface Dimension {
  name: string
  default?: string
  glob: string
}

export interface DimensionSettings {
  dimensions: Dimension[]
  exclude_dimensions: string[]
  include_instrumentation_scope: string[]
  enable_metrics_sampling_method: boolean
}

const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER']
const CODES = ['UNSET', 'OK', 'ERROR']

export interface Subject {
  span: Span
  scope: Scope
  serviceName: string
  /** Of the resource, and for event metrics the event's over them. */
  attributes: readonly KeyValue[]
  adjusted: boolean
}

/** The attributes of the series that a span belongs to: the built-in dimensions, then those that were asked for. */
export function describe(settings: DimensionSettings, more: readonly Dimension[], instanceId: string) {
  const excluded = new Set(settings.exclude_dimensions)
  const asked = [matcher(settings.dimensions), matcher(more)]
  return ({ span, scope, serviceName, attributes, adjusted }: Subject): KeyValue[] => {
    const labels = new Map<string, AnyValue>()
    const put = (key: string, value: string) => {
      if (!excluded.has(key)) labels.set(key, value)
    }
    put('service.name', serviceName)
    put('span.name', span.name)
    put('span.kind', KINDS[span.kind] === undefined ? '' : `SPAN_KIND_${KINDS[span.kind]}`)
    put('status.code', CODES[span.status.code] === undefined ? '' : `STATUS_CODE_${CODES[span.status.code]}`)
    put('collector.instance.id', instanceId)
    if (scope.name !== '' && settings.include_instrumentation_scope.includes(scope.name)) {
      labels.set('span.instrumentation.scope.name', scope.name)
      if (scope.version !== '') labels.set('span.instrumentation.scope.version', scope.version)
    }
    if (settings.enable_metrics_sampling_method) labels.set('sampling.method', adjusted ? 'extrapolated' : 'counted')
    for (const match of asked) for (const { key, value } of match(span.attributes, attributes)) labels.set(key, value)
    return [...labels].map(([key, value]) => ({ key, value }))
  }
}

/** A dimension's value: the span's own attribute, else the resource's, else the default; without any it is left out. */
function matcher(dimensions: readonly Dimension[]) {
  const named = dimensions.filter(({ name }) => name !== '')
  const globs = dimensions.filter(({ glob }) => glob !== '').map(({ glob }) => globTest(glob))
  return (own: readonly KeyValue[], resource: readonly KeyValue[]): KeyValue[] => {
    const found: KeyValue[] = []
    for (const { name, default: fallback } of named) {
      const value = attributeOf(own, name) ?? attributeOf(resource, name) ?? fallback
      if (value !== undefined) found.push({ key: name, value })
    }
    if (globs.length === 0) return found
    const all = [...sorted(own), ...sorted(resource).filter(({ key }) => attributeOf(own, key) === undefined)]
    return [...found, ...all.filter(({ key }) => globs.some((test) => test(key)))]
  }
}

function sorted(attributes: readonly KeyValue[]): KeyValue[] {
  return [...attributes].sort((a, b) => (a.key < b.key ? -1 : 1))
}

/** gobwas/glob without separators: `*` any characters, `?` one, `[a-z]` and `{a,b}` as usual. */
function globTest(glob: string): (key: string) => boolean {
  const pattern = glob
    .replace(/[.+^$()|\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replaceAll('?', '.')
    .replaceAll('[!', '[^')
    .replace(/\{([^}]*)\}/g, (_, inner: string) => `(?:${inner.replaceAll(',', '|')})`)
  const test = new RegExp(`^${pattern}$`, 's')
  return (key) => test.test(key)
}

export function keyOf(attributes: readonly KeyValue[]): string {
  return attributes.map(({ key, value }) => `${key}\u0000${stringOf(value)}`).join('\u0001')
}
