import { randomBytes } from 'node:crypto'
import { attributeOf, stringOf } from '../../../otlp/attributes.ts'
import type { LogRecord, Metric, ResourceOf, ScopeOf, Signal, Span } from '../../../otlp/types.ts'

type Group = ResourceOf<unknown>

/** What decides on an item's way: the same key, the same way. Undefined where it has none. */
export type KeyOf = (group: Group, scope: ScopeOf<unknown>, item: unknown) => string | Uint8Array | undefined

const KINDS = ['Unspecified', 'Internal', 'Server', 'Client', 'Producer', 'Consumer']
const PSEUDO: Record<string, (span: Span) => string> = {
  'span.kind': ({ kind }) => KINDS[kind] ?? '',
  'span.name': ({ name }) => name,
}

/** `name=value|` for each: of the resource, the scope or the span. What a trace has of a scope goes by its first span. */
function composite(names: readonly string[]): KeyOf {
  const known = new WeakMap<ScopeOf<unknown>, Map<string, string>>()
  return (group, scope, item) => {
    const span = item as Span
    const ofScope = known.get(scope) ?? new Map<string, string>()
    known.set(scope, ofScope)
    const key = ofScope.get(span.traceId) ?? names.map((name) => part(name, group, scope, span)).join('')
    ofScope.set(span.traceId, key)
    return key
  }
}

function part(name: string, { resource }: Group, { scope }: ScopeOf<unknown>, span: Span): string {
  const around = attributeOf(resource.attributes, name) ?? attributeOf(scope.attributes, name)
  if (around !== undefined) return `${name}=${stringOf(around)}|`
  if (PSEUDO[name] !== undefined) return `${name}=${PSEUDO[name](span)}|`
  const own = attributeOf(span.attributes, name)
  return own === undefined ? `${name}=|` : `${name}=${stringOf(own)}|`
}

/** A service's name as it is: what is no text counts as an empty one. */
const service =
  (missing: '' | undefined): KeyOf =>
  ({ resource }) => {
    const name = attributeOf(resource.attributes, 'service.name')
    return name === undefined ? missing : typeof name === 'string' ? name : ''
  }

/** By signal and `routing_key`; the first of a signal is its default. */
export const KEYS: Record<Signal, Record<string, (attributes: readonly string[]) => KeyOf>> = {
  traces: {
    traceID: () => (_, __, item) => Buffer.from((item as Span).traceId, 'hex'),
    service: () => composite(['service.name']),
    attributes: composite,
  },
  logs: {
    service: () => service(''),
    // In hex; a record without a trace goes anywhere.
    traceID: () => (_, __, item) => (item as LogRecord).traceId || randomBytes(16).toString('hex'),
  },
  metrics: {
    service: () => service(undefined),
    metric: () => (_, __, item) => (item as Metric).name,
  },
}
