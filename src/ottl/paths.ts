import { stringOf } from '../otlp/attributes.ts'
import type { KeyValue, LogRecord, Metric, NumberPoint, Resource, Scope, Span, SpanEvent } from '../otlp/types.ts'
import { KeyValueList } from '../otlp/types.ts'
import { table } from '../util/table.ts'
import { type Field, OttlError, type Path } from './ast.ts'
import { OttlTime, type OttlValue } from './values.ts'

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
const list_ = (s: Scene, key: string): OttlValue =>
  key in s.datapoint! ? [...((s.datapoint as unknown as Record<string, (bigint | number)[]>)[key] ?? [])] : null
function side(s: Scene, name: string, key: string): OttlValue {
  const buckets = (s.datapoint as unknown as Record<string, Record<string, unknown>>)[name]
  const value = buckets?.[key]
  return typeof value === 'number' ? BigInt(value) : Array.isArray(value) ? [...value] : null
}
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
    status: () => new KeyValueList([]),
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
    event_index: (s) => BigInt(s.span!.events.indexOf(s.spanevent!)),
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
    data_points: () => [],
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
    bucket_counts: (s) => list_(s, 'bucketCounts'),
    explicit_bounds: (s) => list_(s, 'explicitBounds'),
    exemplars: () => [],
    positive: () => [],
    'positive.offset': (s) => side(s, 'positive', 'offset'),
    'positive.bucket_counts': (s) => side(s, 'positive', 'bucketCounts'),
    'negative.offset': (s) => side(s, 'negative', 'offset'),
    'negative.bucket_counts': (s) => side(s, 'negative', 'bucketCounts'),
    negative: () => [],
    quantile_values: () => [],
    scale: (s) => ('scale' in s.datapoint! ? BigInt(s.datapoint!.scale as number) : null),
    zero_count: (s) => ('zeroCount' in s.datapoint! ? (s.datapoint!.zeroCount as bigint) : null),
    count: (s) => ('count' in s.datapoint! ? (s.datapoint!.count as bigint) : null),
    sum: (s) => ('sum' in s.datapoint! ? ((s.datapoint!.sum as number | undefined) ?? null) : null),
  }),
}
FIELDS.scope.schema_url = () => ''
FIELDS.scope.cache = cache
FIELDS.resource.cache = cache
FIELDS.resource.schema_url = () => ''

/** What the collector knows of the sender; nothing of it is kept here. */
const OTELCOL: Record<string, Get> = table<Get>({
  'client.addr': () => null,
  'client.auth.attributes': () => null,
  'client.metadata': () => null,
  'grpc.metadata': () => null,
})

/** What may have brackets behind it. */
const INDEXED = new Set([
  'attributes',
  'cache',
  'metadata',
  'body',
  'trace_state',
  'client.auth.attributes',
  'client.metadata',
  'grpc.metadata',
])

const REVIEW = 'https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/pkg/ottl/contexts/ottl'

type Place = Context | 'otelcol'

/** A path such as `span.attributes["x"]`, without its keys. Throws OttlError in the words of pkg/ottl's contexts. */
export function compilePath(path: Path, { context, named = false }: { context: Context; named?: boolean }): Get {
  const { place, fields } = placeOf(path, context, named)
  const [first, second] = fields
  if (first === undefined) throw noPath(place, path.fields[0]!.name, path, context)
  if (first.name === 'cache' && place !== context) {
    const own = path.text.replace(`${path.fields[0]!.name}.`, `${context}.`)
    throw new OttlError(
      `access to cache must be performed using the same context, please replace ${JSON.stringify(path.text)} with ${JSON.stringify(own)}`,
    )
  }
  const known = place === 'otelcol' ? OTELCOL : FIELDS[place]
  const names = fields.map(({ name }) => name)
  const length = [3, 2, 1].find(
    (count) => count <= names.length && known[names.slice(0, count).join('.')] !== undefined,
  )
  const group = (name: string) => Object.keys(known).some((one) => one.startsWith(`${name}.`))
  if (length === undefined || (length === 1 && second !== undefined && group(first.name))) {
    throw noPath(place, length === undefined && !group(first.name) ? first.name : (second ?? first).name, path, place)
  }
  const key = names.slice(0, length).join('.')
  for (const [i, field] of fields.entries()) {
    if (i >= length)
      throw unused(
        `the path section ${JSON.stringify(field.name)} was not used by the context - this likely means you are using extra path sections`,
      )
    if (field.keys.length > 0 && !(i === length - 1 && INDEXED.has(key))) {
      throw unused(
        `the keys indexing ${JSON.stringify(field.name)} were not used by the context - this likely means you are trying to index a path that does not support indexing`,
      )
    }
  }
  if (first.name === 'trace_state' && first.keys.length > 1) {
    throw new OttlError('must provide exactly 1 key when accessing trace_state')
  }
  return known[key]!
}

const unused = (words: string) => new OttlError(words)

function noPath(_: Place, segment: string, path: Path, context: Place): OttlError {
  const from = `segment ${JSON.stringify(segment)} from path ${JSON.stringify(path.text)}`
  return new OttlError(
    `${from} is not a valid path nor a valid OTTL keyword for the ${context} context - review ${REVIEW}${context} to see all valid paths`,
  )
}

function placeOf(path: Path, context: Context, named: boolean): { place: Place; fields: Field[] } {
  const [first, ...rest] = path.fields
  const names = [
    ...VISIBLE[context],
    ...(context === 'resource' || context === 'scope' ? [] : ['instrumentation_scope']),
    'otelcol',
  ]
  const written = first!.keys.length === 0 && path.fields.length > 1
  const listed = (suffix: string) => names.map((name) => `"${name}${suffix}"`).join(', ')
  if (named && !written) {
    throw new OttlError(
      `missing context name for path "${path.text}", possibly valid options are: ${listed(`.${path.text}`)}`,
    )
  }
  if (named && !names.includes(first!.name)) {
    throw new OttlError(
      `context "${first!.name}" from path "${path.text}" is not valid, it must be replaced by one of: ${listed('')}`,
    )
  }
  if (!names.includes(first!.name)) return { place: context, fields: path.fields }
  return { place: first!.name === 'instrumentation_scope' ? 'scope' : (first!.name as Place), fields: rest }
}
