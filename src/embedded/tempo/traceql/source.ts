import type { Attribute, FieldOp, Kind, Static, Status } from './ast.ts'

/** What the language needs of a store. The store implements it; nothing else of it is known here. */

/** Attributes by key. A value is nil for an empty array, and for a map, bytes or a mixed array, which no query can see. */
export interface Attributes {
  get(key: string): Static | undefined
  entries(): Iterable<readonly [string, Static]>
}

export interface Resource {
  /** '' when the resource names none. */
  serviceName: string
  /** Without a service.name that is text. */
  attributes: Attributes
}

export interface Instrumentation {
  name: string
  version: string
  attributes: Attributes
}

export interface Span {
  /** 16 hex digits. */
  id: string
  /** 16 hex digits, '' for a root. */
  parentId: string
  name: string
  kind: Kind
  status: Status
  statusMessage: string
  startNanos: bigint
  durationNanos: bigint
  attributes: Attributes
  resource: Resource
  instrumentation: Instrumentation
  events: readonly { name: string; sinceStartNanos: bigint; attributes: Attributes }[]
  links: readonly { traceId: string; spanId: string; attributes: Attributes }[]
  /** The nested set model: a span's interval holds those of its descendants. All 0 where the tree is broken. */
  left: number
  right: number
  /** `left` of the parent, -1 for a root. */
  parentLeft: number
  childCount: number
}

export interface ServiceStats {
  spanCount: number
  errorCount: number
}

export interface Trace {
  /** 32 hex digits. */
  id: string
  startNanos: bigint
  endNanos: bigint
  /** '' while no root has come. */
  rootName: string
  rootServiceName: string
  spans: readonly Span[]
  serviceStats: ReadonlyMap<string, ServiceStats>
}

/** What one span must have; `maybe` where only an evaluation can tell. */
export type SpanNeed =
  | 'maybe'
  | { all: SpanNeed[] }
  | { any: SpanNeed[] }
  /** `passes` is the comparison, ready to run on a value that is no array. */
  | { attribute: Attribute; op: FieldOp; operand: Static; passes: (value: Static) => boolean }

/** What a trace must have for a query to find anything in it. */
export type TraceNeed = 'maybe' | { all: TraceNeed[] } | { any: TraceNeed[] } | { spans: SpanNeed; atLeast: number }

export interface TraceSource {
  /**
   * Traces that overlap the window, newest first; nanoseconds, both 0 for all of them. A trace may come in parts.
   * The source may leave out what surely has not what is needed.
   */
  traces(startNanos: bigint, endNanos: bigint, need?: TraceNeed): Iterable<Trace>
}
