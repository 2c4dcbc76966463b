import type { Exemplar, LogRecord, Metric, MetricData, NumberPoint, ResourceOf, Span, Temporality } from '../types.ts'
import { Fields } from './fields.ts'

const KINDS = {
  SPAN_KIND_UNSPECIFIED: 0,
  SPAN_KIND_INTERNAL: 1,
  SPAN_KIND_SERVER: 2,
  SPAN_KIND_CLIENT: 3,
  SPAN_KIND_PRODUCER: 4,
  SPAN_KIND_CONSUMER: 5,
}
const CODES = { STATUS_CODE_UNSET: 0, STATUS_CODE_OK: 1, STATUS_CODE_ERROR: 2 }
const TEMPORALITIES = {
  AGGREGATION_TEMPORALITY_UNSPECIFIED: 0,
  AGGREGATION_TEMPORALITY_DELTA: 1,
  AGGREGATION_TEMPORALITY_CUMULATIVE: 2,
}

const SEVERITIES: Record<string, number> = Object.fromEntries([
  ['SEVERITY_NUMBER_UNSPECIFIED', 0],
  ...['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'].flatMap((name, i) =>
    [1, 2, 3, 4].map((n) => [`SEVERITY_NUMBER_${name}${n === 1 ? '' : n}`, i * 4 + n]),
  ),
])

export function readRequest<T>(
  value: unknown,
  names: { groups: string; scopes: string; items: string },
  readItem: (fields: Fields) => T,
): ResourceOf<T>[] {
  return new Fields(value, '').list(names.groups, (groupValue, groupPath) => {
    const group = new Fields(groupValue, groupPath)
    const resource = group.fields('resource')
    return {
      resource: {
        attributes: resource?.attributes() ?? [],
        droppedAttributesCount: resource?.int('droppedAttributesCount') ?? 0,
      },
      schemaUrl: group.text('schemaUrl'),
      scopes: group.list(names.scopes, (scopeValue, scopePath) => {
        const scopeOf = new Fields(scopeValue, scopePath)
        const scope = scopeOf.fields('scope')
        return {
          scope: {
            name: scope?.text('name') ?? '',
            version: scope?.text('version') ?? '',
            attributes: scope?.attributes() ?? [],
            droppedAttributesCount: scope?.int('droppedAttributesCount') ?? 0,
          },
          schemaUrl: scopeOf.text('schemaUrl'),
          items: scopeOf.list(names.items, (item, path) => readItem(new Fields(item, path))),
        }
      }),
    }
  })
}

export function readSpan(f: Fields): Span {
  const status = f.fields('status')
  return {
    traceId: f.id('traceId', 16),
    spanId: f.id('spanId', 8),
    traceState: f.text('traceState'),
    parentSpanId: f.id('parentSpanId', 8),
    flags: f.int('flags'),
    name: f.text('name'),
    kind: f.enumeration('kind', KINDS),
    startTimeUnixNano: f.unsigned('startTimeUnixNano'),
    endTimeUnixNano: f.unsigned('endTimeUnixNano'),
    attributes: f.attributes(),
    droppedAttributesCount: f.int('droppedAttributesCount'),
    events: f.list('events', (value, path) => {
      const event = new Fields(value, path)
      return {
        timeUnixNano: event.unsigned('timeUnixNano'),
        name: event.text('name'),
        attributes: event.attributes(),
        droppedAttributesCount: event.int('droppedAttributesCount'),
      }
    }),
    droppedEventsCount: f.int('droppedEventsCount'),
    links: f.list('links', (value, path) => {
      const link = new Fields(value, path)
      return {
        traceId: link.id('traceId', 16),
        spanId: link.id('spanId', 8),
        traceState: link.text('traceState'),
        attributes: link.attributes(),
        droppedAttributesCount: link.int('droppedAttributesCount'),
        flags: link.int('flags'),
      }
    }),
    droppedLinksCount: f.int('droppedLinksCount'),
    status: { code: status?.enumeration('code', CODES) ?? 0, message: status?.text('message') ?? '' },
  }
}

export function readLogRecord(f: Fields): LogRecord {
  return {
    timeUnixNano: f.unsigned('timeUnixNano'),
    observedTimeUnixNano: f.unsigned('observedTimeUnixNano'),
    severityNumber: f.enumeration('severityNumber', SEVERITIES),
    severityText: f.text('severityText'),
    body: f.value('body'),
    attributes: f.attributes(),
    droppedAttributesCount: f.int('droppedAttributesCount'),
    flags: f.int('flags'),
    traceId: f.id('traceId', 16),
    spanId: f.id('spanId', 8),
    eventName: f.text('eventName'),
  }
}

export function readMetric(f: Fields): Metric {
  return {
    name: f.text('name'),
    description: f.text('description'),
    unit: f.text('unit'),
    data: readData(f),
    metadata: f.attributes('metadata'),
  }
}

function readData(f: Fields): MetricData {
  const points = <T>(data: Fields, read: (point: Fields) => T) =>
    data.list('dataPoints', (value, path) => read(new Fields(value, path)))
  const temporality = (data: Fields) => data.enumeration('aggregationTemporality', TEMPORALITIES) as Temporality

  const gauge = f.fields('gauge')
  if (gauge) return { type: 'gauge', points: points(gauge, readNumberPoint) }
  const sum = f.fields('sum')
  if (sum) {
    const monotonic = sum.flag('isMonotonic')
    return { type: 'sum', points: points(sum, readNumberPoint), temporality: temporality(sum), monotonic }
  }
  const histogram = f.fields('histogram')
  if (histogram) {
    return { type: 'histogram', points: points(histogram, readHistogramPoint), temporality: temporality(histogram) }
  }
  const exponential = f.fields('exponentialHistogram')
  if (exponential) {
    const data = points(exponential, readExponentialPoint)
    return { type: 'exponentialHistogram', points: data, temporality: temporality(exponential) }
  }
  const summary = f.fields('summary')
  if (summary) return { type: 'summary', points: points(summary, readSummaryPoint) }
  return { type: 'none' }
}

function readBase(f: Fields) {
  return {
    attributes: f.attributes(),
    startTimeUnixNano: f.unsigned('startTimeUnixNano'),
    timeUnixNano: f.unsigned('timeUnixNano'),
    flags: f.int('flags'),
  }
}

/** Of the two the last counts; without either there is no value. */
function readNumber(f: Fields): number | bigint | undefined {
  const last = f.lastOf(['asInt', 'asDouble'])
  if (last === undefined) return undefined
  // Both are looked at: a wrong one is refused wherever it stands.
  const [int, double] = [f.has('asInt') ? f.big('asInt') : undefined, f.double('asDouble')]
  return last === 'asInt' ? int : double
}

function readNumberPoint(f: Fields): NumberPoint {
  return { ...readBase(f), value: readNumber(f), exemplars: readExemplars(f) }
}

const bigs = (f: Fields, name: string): bigint[] =>
  f.list(name, (value, path) => new Fields({ value }, path).unsigned('value'))

function readHistogramPoint(f: Fields) {
  return {
    ...readBase(f),
    count: f.unsigned('count'),
    sum: f.double('sum'),
    bucketCounts: bigs(f, 'bucketCounts'),
    explicitBounds: f.list('explicitBounds', (value, path) => new Fields({ value }, path).double('value') ?? 0),
    min: f.double('min'),
    max: f.double('max'),
    exemplars: readExemplars(f),
  }
}

function readExponentialPoint(f: Fields) {
  const buckets = (name: string) => {
    const side = f.fields(name)
    return { offset: side?.signed('offset') ?? 0, bucketCounts: side ? bigs(side, 'bucketCounts') : [] }
  }
  return {
    ...readBase(f),
    count: f.unsigned('count'),
    sum: f.double('sum'),
    scale: f.signed('scale'),
    zeroCount: f.unsigned('zeroCount'),
    zeroThreshold: f.double('zeroThreshold') ?? 0,
    positive: buckets('positive'),
    negative: buckets('negative'),
    min: f.double('min'),
    max: f.double('max'),
    exemplars: readExemplars(f),
  }
}

function readSummaryPoint(f: Fields) {
  return {
    ...readBase(f),
    count: f.unsigned('count'),
    sum: f.double('sum') ?? 0,
    quantiles: f.list('quantileValues', (value, path) => {
      const at = new Fields(value, path)
      return { quantile: at.double('quantile') ?? 0, value: at.double('value') ?? 0 }
    }),
  }
}

function readExemplars(f: Fields): Exemplar[] {
  return f.list('exemplars', (value, path) => {
    const exemplar = new Fields(value, path)
    return {
      filteredAttributes: exemplar.attributes('filteredAttributes'),
      timeUnixNano: exemplar.unsigned('timeUnixNano'),
      value: readNumber(exemplar) ?? 0,
      spanId: exemplar.id('spanId', 8),
      traceId: exemplar.id('traceId', 16),
    }
  })
}
