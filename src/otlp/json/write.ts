import {
  type AnyValue,
  type Exemplar,
  type KeyValue,
  KeyValueList,
  type LogRecord,
  type Metric,
  type MetricData,
  type ResourceOf,
  type Span,
} from '../types.ts'

type Json = Record<string, unknown>

/** Leaves out what holds its default, as proto3's JSON does. */
function slim(object: Json): Json {
  return Object.fromEntries(
    Object.entries(object).filter(
      ([, value]) =>
        !(value === undefined || value === '' || value === 0 || value === '0' || value === false) &&
        !(Array.isArray(value) && value.length === 0),
    ),
  )
}

export function valueToJson(value: AnyValue): Json {
  if (value === null) return {}
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'bigint') return { intValue: String(value) }
  if (typeof value === 'number') return { doubleValue: double(value) }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(valueToJson) } }
  if (value instanceof KeyValueList) return { kvlistValue: { values: attributesToJson(value.values) } }
  return { bytesValue: Buffer.from(value).toString('base64') }
}

/** JSON has no word for these three; protobuf's JSON mapping spells them out. */
function double(value: number): number | string {
  return Number.isFinite(value) ? value : String(value)
}

export function attributesToJson(list: readonly KeyValue[]): Json[] {
  return list.map(({ key, value }) => ({ key, value: valueToJson(value) }))
}

export function requestToJson<T>(
  data: readonly ResourceOf<T>[],
  names: { groups: string; scopes: string; items: string },
  itemToJson: (item: T) => Json,
): Json {
  return {
    [names.groups]: data.map((group) => ({
      resource: slim({
        attributes: attributesToJson(group.resource.attributes),
        droppedAttributesCount: group.resource.droppedAttributesCount,
      }),
      [names.scopes]: group.scopes.map(({ scope, items, schemaUrl }) => ({
        scope: slim({
          name: scope.name,
          version: scope.version,
          attributes: attributesToJson(scope.attributes),
          droppedAttributesCount: scope.droppedAttributesCount,
        }),
        [names.items]: items.map(itemToJson),
        ...slim({ schemaUrl }),
      })),
      ...slim({ schemaUrl: group.schemaUrl }),
    })),
  }
}

export function spanToJson(span: Span): Json {
  return {
    ...slim({
      traceId: span.traceId,
      spanId: span.spanId,
      traceState: span.traceState,
      parentSpanId: span.parentSpanId,
      flags: span.flags,
      name: span.name,
      kind: span.kind,
      startTimeUnixNano: String(span.startTimeUnixNano),
      endTimeUnixNano: String(span.endTimeUnixNano),
      attributes: attributesToJson(span.attributes),
      droppedAttributesCount: span.droppedAttributesCount,
      events: span.events.map((event) =>
        slim({
          timeUnixNano: String(event.timeUnixNano),
          name: event.name,
          attributes: attributesToJson(event.attributes),
          droppedAttributesCount: event.droppedAttributesCount,
        }),
      ),
      droppedEventsCount: span.droppedEventsCount,
      links: span.links.map((link) =>
        slim({
          traceId: link.traceId,
          spanId: link.spanId,
          traceState: link.traceState,
          attributes: attributesToJson(link.attributes),
          droppedAttributesCount: link.droppedAttributesCount,
          flags: link.flags,
        }),
      ),
      droppedLinksCount: span.droppedLinksCount,
    }),
    status: slim({ message: span.status.message, code: span.status.code }),
  }
}

export function logRecordToJson(record: LogRecord): Json {
  return slim({
    timeUnixNano: String(record.timeUnixNano),
    observedTimeUnixNano: String(record.observedTimeUnixNano),
    severityNumber: record.severityNumber,
    severityText: record.severityText,
    body: valueToJson(record.body),
    attributes: attributesToJson(record.attributes),
    droppedAttributesCount: record.droppedAttributesCount,
    flags: record.flags,
    traceId: record.traceId,
    spanId: record.spanId,
    eventName: record.eventName,
  })
}

const KEY: Record<Exclude<MetricData['type'], 'none'>, string> = {
  gauge: 'gauge',
  sum: 'sum',
  histogram: 'histogram',
  exponentialHistogram: 'exponentialHistogram',
  summary: 'summary',
}

export function metricToJson({ name, description, unit, data, metadata }: Metric): Json {
  const json = slim({ name, description, unit, metadata: attributesToJson(metadata) })
  if (data.type === 'none') return json
  json[KEY[data.type]] = {
    dataPoints: data.points.map(pointToJson),
    ...('temporality' in data ? { aggregationTemporality: data.temporality } : {}),
    ...('monotonic' in data && data.monotonic ? { isMonotonic: true } : {}),
  }
  return json
}

/** Keys stand in the order of opentelemetry-proto, as pdata writes them. */
function pointToJson(point: Exclude<MetricData, { type: 'none' }>['points'][number]): Json {
  const json = slim({
    attributes: attributesToJson(point.attributes),
    startTimeUnixNano: String(point.startTimeUnixNano),
    timeUnixNano: String(point.timeUnixNano),
  })
  if ('value' in point && point.value !== undefined) Object.assign(json, number(point.value))
  if ('count' in point) json.count = String(point.count)
  if ('sum' in point && point.sum !== undefined) json.sum = double(point.sum)
  if ('explicitBounds' in point) {
    json.bucketCounts = point.bucketCounts.map(String)
    json.explicitBounds = point.explicitBounds
  }
  if ('scale' in point) {
    const side = ({ offset, bucketCounts }: { offset: number; bucketCounts: bigint[] }) =>
      slim({ offset, bucketCounts: bucketCounts.map(String) })
    json.scale = point.scale
    json.zeroCount = String(point.zeroCount)
    json.positive = side(point.positive)
    json.negative = side(point.negative)
  }
  if ('quantiles' in point) json.quantileValues = point.quantiles.map((q) => ({ ...q, value: double(q.value) }))
  if ('exemplars' in point && point.exemplars.length > 0) json.exemplars = point.exemplars.map(exemplarToJson)
  Object.assign(json, slim({ flags: point.flags }))
  if ('min' in point && point.min !== undefined) json.min = double(point.min)
  if ('max' in point && point.max !== undefined) json.max = double(point.max)
  if ('scale' in point && point.zeroThreshold !== 0) json.zeroThreshold = point.zeroThreshold
  return json
}

function number(value: number | bigint): Json {
  return typeof value === 'bigint' ? { asInt: String(value) } : { asDouble: double(value) }
}

function exemplarToJson(exemplar: Exemplar): Json {
  return {
    ...slim({
      filteredAttributes: attributesToJson(exemplar.filteredAttributes),
      timeUnixNano: String(exemplar.timeUnixNano),
    }),
    ...number(exemplar.value),
    ...slim({ traceId: exemplar.traceId, spanId: exemplar.spanId }),
  }
}
