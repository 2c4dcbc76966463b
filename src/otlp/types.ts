export type { Signal } from '../util/signal.ts'

/**
 * What flows on the arrows: OTLP 1.x as plain objects (opentelemetry-proto, logs/metrics/trace v1).
 * Ids are lower-case hex, times are nanoseconds since the epoch as bigint.
 */

/** A bigint is an OTLP int64, a number a double, `null` an AnyValue with nothing set. */
export type AnyValue = null | string | boolean | bigint | number | Uint8Array | AnyValue[] | KeyValueList

/** An OTLP kvlist. A class, so that it differs from an array at run time. */
export class KeyValueList {
  readonly values: KeyValue[]
  constructor(values: KeyValue[]) {
    this.values = values
  }
}

export interface KeyValue {
  key: string
  value: AnyValue
}

export interface Resource {
  attributes: KeyValue[]
  droppedAttributesCount: number
}

export interface Scope {
  name: string
  version: string
  attributes: KeyValue[]
  droppedAttributesCount: number
}

export interface ScopeOf<T> {
  scope: Scope
  schemaUrl: string
  items: T[]
}

export interface ResourceOf<T> {
  resource: Resource
  schemaUrl: string
  scopes: ScopeOf<T>[]
}

export interface SpanEvent {
  timeUnixNano: bigint
  name: string
  attributes: KeyValue[]
  droppedAttributesCount: number
}

export interface SpanLink {
  traceId: string
  spanId: string
  traceState: string
  attributes: KeyValue[]
  droppedAttributesCount: number
  flags: number
}

/** A span's own bytes, where somebody keeps them. */
export const WIRE: unique symbol = Symbol('wire')

export interface Span {
  /** What it was read from, to be written again in its place: whoever changes the span takes this away. */
  [WIRE]?: Uint8Array
  traceId: string
  spanId: string
  traceState: string
  /** '' for a root. */
  parentSpanId: string
  flags: number
  name: string
  /** 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number
  startTimeUnixNano: bigint
  endTimeUnixNano: bigint
  attributes: KeyValue[]
  droppedAttributesCount: number
  events: SpanEvent[]
  droppedEventsCount: number
  links: SpanLink[]
  droppedLinksCount: number
  /** code: 0 unset, 1 ok, 2 error. */
  status: { code: number; message: string }
}

export interface LogRecord {
  timeUnixNano: bigint
  observedTimeUnixNano: bigint
  /** 0 unspecified, 1-4 trace, 5-8 debug, 9-12 info, 13-16 warn, 17-20 error, 21-24 fatal. */
  severityNumber: number
  severityText: string
  body: AnyValue
  attributes: KeyValue[]
  droppedAttributesCount: number
  flags: number
  /** '' when the record belongs to no trace. */
  traceId: string
  spanId: string
  eventName: string
}

export interface Exemplar {
  filteredAttributes: KeyValue[]
  timeUnixNano: bigint
  value: number | bigint
  spanId: string
  traceId: string
}

interface PointBase {
  attributes: KeyValue[]
  startTimeUnixNano: bigint
  timeUnixNano: bigint
  /** Bit 0: no recorded value (a staleness marker). */
  flags: number
}

export interface NumberPoint extends PointBase {
  /** Undefined when the sender wrote none. */
  value: number | bigint | undefined
  exemplars: Exemplar[]
}

export interface HistogramPoint extends PointBase {
  count: bigint
  sum: number | undefined
  bucketCounts: bigint[]
  explicitBounds: number[]
  min: number | undefined
  max: number | undefined
  exemplars: Exemplar[]
}

export interface ExponentialHistogramPoint extends PointBase {
  count: bigint
  sum: number | undefined
  scale: number
  zeroCount: bigint
  zeroThreshold: number
  positive: { offset: number; bucketCounts: bigint[] }
  negative: { offset: number; bucketCounts: bigint[] }
  min: number | undefined
  max: number | undefined
  exemplars: Exemplar[]
}

export interface SummaryPoint extends PointBase {
  count: bigint
  sum: number
  quantiles: { quantile: number; value: number }[]
}

/** 0 unspecified, 1 delta, 2 cumulative. */
export type Temporality = 0 | 1 | 2

export type MetricData =
  | { type: 'gauge'; points: NumberPoint[] }
  | { type: 'sum'; points: NumberPoint[]; temporality: Temporality; monotonic: boolean }
  | { type: 'histogram'; points: HistogramPoint[]; temporality: Temporality }
  | { type: 'exponentialHistogram'; points: ExponentialHistogramPoint[]; temporality: Temporality }
  | { type: 'summary'; points: SummaryPoint[] }
  | { type: 'none' }

export interface Metric {
  name: string
  description: string
  unit: string
  data: MetricData
  metadata: KeyValue[]
}

export type TracesData = ResourceOf<Span>[]
export type MetricsData = ResourceOf<Metric>[]
export type LogsData = ResourceOf<LogRecord>[]

export interface SignalData {
  traces: TracesData
  metrics: MetricsData
  logs: LogsData
}
