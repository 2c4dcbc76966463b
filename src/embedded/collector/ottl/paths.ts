import { attributeOf } from '../../../otlp/attributes.ts'
import type {
  AnyValue,
  KeyValue,
  LogRecord,
  Metric,
  NumberPoint,
  Resource,
  Scope,
  Span,
  SpanEvent,
} from '../../../otlp/types.ts'
import { KeyValueList } from '../../../otlp/types.ts'

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

type Get = (scene: Scene) => AnyValue
const millis = (ns: bigint) => ns / 1_000_000n
const list = (attributes: KeyValue[]) => new KeyValueList(attributes)
const METRIC_TYPES = ['none', 'gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary']

const FIELDS: Record<Context, Record<string, Get>> = {
  resource: {
    attributes: (s) => list(s.resource.attributes),
    dropped_attributes_count: (s) => BigInt(s.resource.droppedAttributesCount),
  },
  scope: {
    name: (s) => s.scope.name,
    version: (s) => s.scope.version,
    attributes: (s) => list(s.scope.attributes),
    dropped_attributes_count: (s) => BigInt(s.scope.droppedAttributesCount),
  },
  span: {
    name: (s) => s.span!.name,
    kind: (s) => BigInt(s.span!.kind),
    'kind.string': (s) => ['Unspecified', 'Internal', 'Server', 'Client', 'Producer', 'Consumer'][s.span!.kind] ?? '',
    attributes: (s) => list(s.span!.attributes),
    trace_id: (s) => Buffer.from(s.span!.traceId, 'hex'),
    'trace_id.string': (s) => s.span!.traceId,
    span_id: (s) => Buffer.from(s.span!.spanId, 'hex'),
    'span_id.string': (s) => s.span!.spanId,
    parent_span_id: (s) => Buffer.from(s.span!.parentSpanId, 'hex'),
    'parent_span_id.string': (s) => s.span!.parentSpanId,
    trace_state: (s) => s.span!.traceState,
    start_time_unix_nano: (s) => s.span!.startTimeUnixNano,
    end_time_unix_nano: (s) => s.span!.endTimeUnixNano,
    'status.code': (s) => BigInt(s.span!.status.code),
    'status.message': (s) => s.span!.status.message,
    dropped_attributes_count: (s) => BigInt(s.span!.droppedAttributesCount),
    dropped_events_count: (s) => BigInt(s.span!.droppedEventsCount),
    dropped_links_count: (s) => BigInt(s.span!.droppedLinksCount),
  },
  spanevent: {
    name: (s) => s.spanevent!.name,
    attributes: (s) => list(s.spanevent!.attributes),
    time_unix_nano: (s) => s.spanevent!.timeUnixNano,
    dropped_attributes_count: (s) => BigInt(s.spanevent!.droppedAttributesCount),
  },
  log: {
    body: (s) => s.log!.body,
    'body.string': (s) => (typeof s.log!.body === 'string' ? s.log!.body : null),
    attributes: (s) => list(s.log!.attributes),
    severity_number: (s) => BigInt(s.log!.severityNumber),
    severity_text: (s) => s.log!.severityText,
    event_name: (s) => s.log!.eventName,
    flags: (s) => BigInt(s.log!.flags),
    time_unix_nano: (s) => s.log!.timeUnixNano,
    observed_time_unix_nano: (s) => s.log!.observedTimeUnixNano,
    'trace_id.string': (s) => s.log!.traceId,
    'span_id.string': (s) => s.log!.spanId,
    trace_id: (s) => Buffer.from(s.log!.traceId, 'hex'),
    span_id: (s) => Buffer.from(s.log!.spanId, 'hex'),
    dropped_attributes_count: (s) => BigInt(s.log!.droppedAttributesCount),
  },
  metric: {
    name: (s) => s.metric!.name,
    description: (s) => s.metric!.description,
    unit: (s) => s.metric!.unit,
    type: (s) => BigInt(METRIC_TYPES.indexOf(s.metric!.data.type)),
    aggregation_temporality: (s) => ('temporality' in s.metric!.data ? BigInt(s.metric!.data.temporality) : null),
    is_monotonic: (s) => s.metric!.data.type === 'sum' && s.metric!.data.monotonic,
  },
  datapoint: {
    attributes: (s) => list(s.datapoint!.attributes),
    start_time_unix_nano: (s) => s.datapoint!.startTimeUnixNano,
    time_unix_nano: (s) => s.datapoint!.timeUnixNano,
    start_time: (s) => millis(s.datapoint!.startTimeUnixNano),
    value_double: (s) => (typeof s.datapoint!.value === 'number' ? s.datapoint!.value : null),
    value_int: (s) => (typeof s.datapoint!.value === 'bigint' ? s.datapoint!.value : null),
    flags: (s) => BigInt(s.datapoint!.flags),
    count: (s) => ('count' in s.datapoint! ? (s.datapoint!.count as bigint) : null),
    sum: (s) => ('sum' in s.datapoint! ? ((s.datapoint!.sum as number | undefined) ?? null) : null),
  },
}
FIELDS.scope.schema_url = () => ''

const CONTEXT_NAMES: Record<string, Context> = {
  ...Object.fromEntries(Object.keys(FIELDS).map((k) => [k, k])),
  instrumentation_scope: 'scope',
} as Record<string, Context>

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
    let value: AnyValue = get(scene)
    for (const key of keys) value = index(value, key)
    return value
  }
}

export function index(value: AnyValue, key: string | bigint): AnyValue {
  if (value instanceof KeyValueList && typeof key === 'string') return attributeOf(value.values, key) ?? null
  if (Array.isArray(value) && typeof key === 'bigint') return value[Number(key)] ?? null
  return null
}

/** The contexts that a path names outright; for guessing which one a condition is meant for. */
export function contextOf(names: readonly string[]): Context | undefined {
  return names.length > 1 ? CONTEXT_NAMES[names[0]!] : undefined
}
