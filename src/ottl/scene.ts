import type { KeyValue, LogRecord, Metric, MetricData, ResourceOf, ScopeOf, Span, SpanEvent } from '../otlp/types.ts'

/** Any kind of data point. */
export type AnyPoint = Exclude<MetricData, { type: 'none' }>['points'][number]

/** What a condition or a statement may look at; which of them are there depends on the context. */
export interface Scene {
  /** The group with the resource, and that with the scope; where a statement is about the resource there is no scope. */
  group: ResourceOf<unknown>
  scope?: ScopeOf<unknown>
  span?: Span
  spanevent?: SpanEvent
  log?: LogRecord
  metric?: Metric
  datapoint?: AnyPoint
  /** What the sender's request had beside its body, as far as the receiver keeps it. */
  metadata?: Record<string, string[]>
  /** What statements set for those that follow them. */
  cache?: KeyValue[]
}

export type Context = 'resource' | 'scope' | 'span' | 'spanevent' | 'log' | 'metric' | 'datapoint' | 'otelcol'

/** Which contexts can be seen from one. */
export const VISIBLE: Record<Context, Context[]> = {
  resource: ['resource'],
  scope: ['scope', 'resource'],
  span: ['span', 'scope', 'resource'],
  spanevent: ['spanevent', 'span', 'scope', 'resource'],
  log: ['log', 'scope', 'resource'],
  metric: ['metric', 'scope', 'resource'],
  datapoint: ['datapoint', 'metric', 'scope', 'resource'],
  // The request itself, which every other context sees too.
  otelcol: [],
}
