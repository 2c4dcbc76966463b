import type { Static } from '../../traceql/ast.ts'
import type { Instrumentation, Resource, ServiceStats, Span } from '../../traceql/source.ts'
import type { Dictionary } from './dictionary.ts'

/**
 * The spans of a block in columns: about 120 bytes a span instead of a thousand as objects. Spans of a trace lie
 * side by side; `firstSpan[t]` to `firstSpan[t + 1]` are those of trace `t`, and so are attributes of spans.
 */
export interface Columns {
  /** Trace ids in hex. */
  traceIds: string[]
  traceStart: BigInt64Array
  traceEnd: BigInt64Array
  rootName: Uint32Array
  rootService: Uint32Array
  serviceStats: ReadonlyMap<string, ServiceStats>[]
  firstSpan: Uint32Array

  /** Eight bytes a span. */
  spanIds: Uint8Array
  parentIds: Uint8Array
  /** Bits 0-2 the kind, 3-4 the status, 5 whether there is a parent. */
  flags: Uint8Array
  name: Uint32Array
  statusMessage: Uint32Array
  start: BigInt64Array
  duration: BigInt64Array
  left: Int32Array
  right: Int32Array
  parentLeft: Int32Array
  childCount: Int32Array
  resource: Uint32Array
  scope: Uint32Array
  firstAttribute: Uint32Array

  attributeKey: Uint32Array
  attributeValue: Uint32Array

  /** Few spans have any. */
  events: Map<number, Span['events']>
  links: Map<number, Span['links']>

  strings: Dictionary<string>
  keys: Dictionary<string>
  values: Dictionary<Static>
  resources: Resource[]
  scopes: Instrumentation[]
}

export const HAS_PARENT = 1 << 5
