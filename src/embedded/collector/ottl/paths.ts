import { stringOf } from '../../../otlp/attributes.ts'
import type { KeyValue, LogRecord, Metric, NumberPoint, Resource, Scope, Span, SpanEvent } from '../../../otlp/types.ts'
import { KeyValueList } from '../../../otlp/types.ts'
import { table } from '../../../util/table.ts'
import { index, OttlTime, type OttlValue } from './values.ts'

/** What a condition may look at; which of them are there depends on the context. */
export interface Scene {
  resource: Resource
  scope: Scope
  span?: Span
  spanevent?: SpanEvent
  log?: LogRecord
  metric?: Metric
  datapoint?: NumberPoint
}

export type Context = 'resource' | 'scope' | 'span' | 'spanevent' | 'log' | 'metric' | 'datapoint'

/** Which contexts can be seen from one. */
export const VISIBLE: Record<Context, Context[]> = {
  resource: ['resource'],
  scope: ['scope', 'resource'],
  span: ['span', 'scope', 'resource'],
  spanevent: ['spanevent', 'span', 'scope', 'resource'],
  log: ['log', 'scope', 'resource'],
  metric: ['metric', 'scope', 'resource'],
  datapoint: ['datapoint', 'metric', 'scope', 'resource'],
}

type Get = (scene: Scene) => OttlValue
const time = (ns: bigint) => new OttlTime(ns)
/** Conditions cannot write to it, so it is always empty. */
const cache = () => new KeyValueList([])
const list = (attributes: KeyValue[]) => new KeyValueList(attributes)
const METRIC_TYPES = ['none', 'gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary']

const FIELDS: Record<Context, Record<string, Get>> = {
  resource: table<Get>({
    attributes: (s) => list(s.resource.attributes),
    dropped_attributes_count: (s) => BigInt(s.resource.droppedAttributesCount),
  }),
  scope: table<Get>({
    name: (s) => s.scope.name,
    version: (s) => s.scope.version,
    attributes: (s) => list(s.scope.attributes),
    dropped_attributes_count: (s) => BigInt(s.scope.droppedAttributesCount),
  }),
  span: table<Get>({
    name: (s) => s.span!.name,
    kind: (s) => BigInt(s.span!.kind),
    'kind.string': (s) => ['Unspecified', 'Internal', 'Server', 'Client', 'Producer', 'Consumer'][s.span!.kind] ?? '',
    attributes: (s) => list(s.span!.attributes),
    trace_id: (s) => Buffer.from(s.span!.traceId.padStart(32, '0'), 'hex'),
    'trace_id.string': (s) => s.span!.traceId.padStart(32, '0'),
    span_id: (s) => Buffer.from(s.span!.spanId.padStart(16, '0'), 'hex'),
    'span_id.string': (s) => s.span!.spanId.padStart(16, '0'),
    parent_span_id: (s) => Buffer.from(s.span!.parentSpanId.padStart(16, '0'), 'hex'),
    'parent_span_id.string': (s) => s.span!.parentSpanId.padStart(16, '0'),
    trace_state: (s) => s.span!.traceState,
    start_time_unix_nano: (s) => s.span!.startTimeUnixNano,
    end_time_unix_nano: (s) => s.span!.endTimeUnixNano,
    start_time: (s) => time(s.span!.startTimeUnixNano),
    end_time: (s) => time(s.span!.endTimeUnixNano),
    flags: (s) => BigInt(s.span!.flags),
    events: (s) => s.span!.events.map(({ name }) => name),
    links: (s) => s.span!.links.map(({ traceId }) => traceId),
    cache,
    'status.code': (s) => BigInt(s.span!.status.code),
    'status.message': (s) => s.span!.status.message,
    dropped_attributes_count: (s) => BigInt(s.span!.droppedAttributesCount),
    dropped_events_count: (s) => BigInt(s.span!.droppedEventsCount),
    dropped_links_count: (s) => BigInt(s.span!.droppedLinksCount),
  }),
  spanevent: table<Get>({
    name: (s) => s.spanevent!.name,
    attributes: (s) => list(s.spanevent!.attributes),
    time_unix_nano: (s) => s.spanevent!.timeUnixNano,
    time: (s) => time(s.spanevent!.timeUnixNano),
    cache,
    dropped_attributes_count: (s) => BigInt(s.spanevent!.droppedAttributesCount),
  }),
  log: table<Get>({
    body: (s) => s.log!.body,
    'body.string': (s) => stringOf(s.log!.body),
    attributes: (s) => list(s.log!.attributes),
    severity_number: (s) => BigInt(s.log!.severityNumber),
    severity_text: (s) => s.log!.severityText,
    event_name: (s) => s.log!.eventName,
    flags: (s) => BigInt(s.log!.flags),
    time_unix_nano: (s) => s.log!.timeUnixNano,
    observed_time_unix_nano: (s) => s.log!.observedTimeUnixNano,
    time: (s) => time(s.log!.timeUnixNano),
    observed_time: (s) => time(s.log!.observedTimeUnixNano),
    cache,
    'trace_id.string': (s) => s.log!.traceId.padStart(32, '0'),
    'span_id.string': (s) => s.log!.spanId.padStart(16, '0'),
    trace_id: (s) => Buffer.from(s.log!.traceId.padStart(32, '0'), 'hex'),
    span_id: (s) => Buffer.from(s.log!.spanId.padStart(16, '0'), 'hex'),
    dropped_attributes_count: (s) => BigInt(s.log!.droppedAttributesCount),
  }),
  metric: table<Get>({
    name: (s) => s.metric!.name,
    description: (s) => s.metric!.description,
    metadata: (s) => list(s.metric!.metadata),
    cache,
    unit: (s) => s.metric!.unit,
    type: (s) => BigInt(METRIC_TYPES.indexOf(s.metric!.data.type)),
    aggregation_temporality: (s) => ('temporality' in s.metric!.data ? BigInt(s.metric!.data.temporality) : null),
    is_monotonic: (s) => s.metric!.data.type === 'sum' && s.metric!.data.monotonic,
  }),
  datapoint: table<Get>({
    attributes: (s) => list(s.datapoint!.attributes),
    start_time_unix_nano: (s) => s.datapoint!.startTimeUnixNano,
    time_unix_nano: (s) => s.datapoint!.timeUnixNano,
    start_time: (s) => time(s.datapoint!.startTimeUnixNano),
    time: (s) => time(s.datapoint!.timeUnixNano),
    cache,
    value_double: (s) => (typeof s.datapoint!.value === 'number' ? s.datapoint!.value : null),
    value_int: (s) => (typeof s.datapoint!.value === 'bigint' ? s.datapoint!.value : null),
    flags: (s) => BigInt(s.datapoint!.flags),
    count: (s) => ('count' in s.datapoint! ? (s.datapoint!.count as bigint) : null),
    sum: (s) => ('sum' in s.datapoint! ? ((s.datapoint!.sum as number | undefined) ?? null) : null),
  }),
}
FIELDS.scope.schema_url = () => ''

const CONTEXT_NAMES: Record<string, Context> = table({
  ...Object.fromEntries(Object.keys(FIELDS).map((k) => [k, k])),
  instrumentation_scope: 'scope',
}) as Record<string, Context>

/** A path such as `span.attributes["x"]`; without its context's name it belongs to `context` (the old form). */
export function compilePath(
  names: readonly string[],
  keys: readonly (string | bigint)[],
  context: Context,
): Get | undefined {
  const named = CONTEXT_NAMES[names[0]!]
  const own = named !== undefined && VISIBLE[context].includes(named) && names.length > 1 ? named : undefined
  const get = FIELDS[own ?? context][(own ? names.slice(1) : names).join('.')]
  if (!get) return undefined
  return (scene) => {
    let value = get(scene)
    for (const key of keys) value = index(value, key)
    return value
  }
}
