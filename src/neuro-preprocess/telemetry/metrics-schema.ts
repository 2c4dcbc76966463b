/** How a field travels: a scalar, or the name of a message; `packed` for repeated numbers in one length. */
export type FieldType =
  | 'string'
  | 'bool'
  | 'uint32'
  | 'int64'
  | 'sint32'
  | 'fixed64'
  | 'sfixed64'
  | 'double'
  | 'id'
  | 'bytes'

export interface Field {
  number: number
  type: FieldType | { message: string }
  packed?: boolean
}

const f = (number: number, type: FieldType, packed = false): Field => ({ number, type, packed })
const m = (number: number, message: string): Field => ({ number, type: { message } })

/** opentelemetry-proto 1.x, metrics/v1 and what it uses: the fields that this SDK sends, by their OTLP/JSON names. */
export const MESSAGES: Record<string, Record<string, Field>> = {
  ExportMetricsServiceRequest: { resourceMetrics: m(1, 'ResourceMetrics') },
  ResourceMetrics: { resource: m(1, 'Resource'), scopeMetrics: m(2, 'ScopeMetrics'), schemaUrl: f(3, 'string') },
  Resource: { attributes: m(1, 'KeyValue'), droppedAttributesCount: f(2, 'uint32') },
  ScopeMetrics: { scope: m(1, 'Scope'), metrics: m(2, 'Metric'), schemaUrl: f(3, 'string') },
  Scope: {
    name: f(1, 'string'),
    version: f(2, 'string'),
    attributes: m(3, 'KeyValue'),
    droppedAttributesCount: f(4, 'uint32'),
  },
  KeyValue: { key: f(1, 'string'), value: m(2, 'AnyValue') },
  AnyValue: {
    stringValue: f(1, 'string'),
    boolValue: f(2, 'bool'),
    intValue: f(3, 'int64'),
    doubleValue: f(4, 'double'),
    arrayValue: m(5, 'ArrayValue'),
    kvlistValue: m(6, 'KeyValueList'),
    bytesValue: f(7, 'bytes'),
  },
  ArrayValue: { values: m(1, 'AnyValue') },
  KeyValueList: { values: m(1, 'KeyValue') },
  Metric: {
    name: f(1, 'string'),
    description: f(2, 'string'),
    unit: f(3, 'string'),
    gauge: m(5, 'Gauge'),
    sum: m(7, 'Sum'),
    histogram: m(9, 'Histogram'),
    exponentialHistogram: m(10, 'ExponentialHistogram'),
  },
  Gauge: { dataPoints: m(1, 'NumberDataPoint') },
  Sum: { dataPoints: m(1, 'NumberDataPoint'), aggregationTemporality: f(2, 'uint32'), isMonotonic: f(3, 'bool') },
  Histogram: { dataPoints: m(1, 'HistogramDataPoint'), aggregationTemporality: f(2, 'uint32') },
  ExponentialHistogram: { dataPoints: m(1, 'ExponentialHistogramDataPoint'), aggregationTemporality: f(2, 'uint32') },
  NumberDataPoint: {
    startTimeUnixNano: f(2, 'fixed64'),
    timeUnixNano: f(3, 'fixed64'),
    asDouble: f(4, 'double'),
    exemplars: m(5, 'Exemplar'),
    asInt: f(6, 'sfixed64'),
    attributes: m(7, 'KeyValue'),
    flags: f(8, 'uint32'),
  },
  HistogramDataPoint: {
    startTimeUnixNano: f(2, 'fixed64'),
    timeUnixNano: f(3, 'fixed64'),
    count: f(4, 'fixed64'),
    sum: f(5, 'double'),
    bucketCounts: f(6, 'fixed64', true),
    explicitBounds: f(7, 'double', true),
    exemplars: m(8, 'Exemplar'),
    attributes: m(9, 'KeyValue'),
    flags: f(10, 'uint32'),
    min: f(11, 'double'),
    max: f(12, 'double'),
  },
  ExponentialHistogramDataPoint: {
    attributes: m(1, 'KeyValue'),
    startTimeUnixNano: f(2, 'fixed64'),
    timeUnixNano: f(3, 'fixed64'),
    count: f(4, 'fixed64'),
    sum: f(5, 'double'),
    scale: f(6, 'sint32'),
    zeroCount: f(7, 'fixed64'),
    positive: m(8, 'Buckets'),
    negative: m(9, 'Buckets'),
    flags: f(10, 'uint32'),
    exemplars: m(11, 'Exemplar'),
    min: f(12, 'double'),
    max: f(13, 'double'),
  },
  Buckets: { offset: f(1, 'sint32'), bucketCounts: f(2, 'int64', true) },
  Exemplar: {
    timeUnixNano: f(2, 'fixed64'),
    asDouble: f(3, 'double'),
    spanId: f(4, 'id'),
    traceId: f(5, 'id'),
    asInt: f(6, 'sfixed64'),
    filteredAttributes: m(7, 'KeyValue'),
  },
}
