import type {
  Exemplar,
  ExponentialHistogramPoint,
  HistogramPoint,
  Metric,
  MetricData,
  NumberPoint,
  SummaryPoint,
  Temporality,
} from '../types.ts'
import { readKeyValue } from './common.ts'
import type { Reader } from './reader.ts'

// opentelemetry/proto/metrics/v1/metrics.proto

/** Metric: name 1, description 2, unit 3, gauge 5, sum 7, histogram 9, exponential histogram 10, summary 11, metadata 12. */
export function readMetric(r: Reader): Metric {
  const metric: Metric = { name: '', description: '', unit: '', data: { type: 'none' }, metadata: [] }
  const outer = r.open()
  while (r.more) {
    const tag = r.tag()
    switch (tag) {
      case 0x0a:
        metric.name = r.string()
        break
      case 0x12:
        metric.description = r.string()
        break
      case 0x1a:
        metric.unit = r.string()
        break
      case 0x2a:
        metric.data = { type: 'gauge', points: readData(r, readNumberPoint).points }
        break
      case 0x3a:
        metric.data = { type: 'sum', ...readData(r, readNumberPoint) }
        break
      case 0x4a:
        metric.data = withoutMonotonic('histogram', readData(r, readHistogramPoint))
        break
      case 0x52:
        metric.data = withoutMonotonic('exponentialHistogram', readData(r, readExponentialPoint))
        break
      case 0x5a:
        metric.data = { type: 'summary', points: readData(r, readSummaryPoint).points }
        break
      case 0x62:
        metric.metadata.push(readKeyValue(r))
        break
      default:
        r.skip(tag)
    }
  }
  r.close(outer)
  return metric
}

interface Data<P> {
  points: P[]
  temporality: Temporality
  monotonic: boolean
}

/** Gauge, Sum, Histogram...: points 1, temporality 2, monotonic 3. */
function readData<P>(r: Reader, readPoint: (r: Reader) => P): Data<P> {
  const data: Data<P> = { points: [], temporality: 0, monotonic: false }
  const outer = r.open()
  while (r.more) {
    const tag = r.tag()
    if (tag === 0x0a) data.points.push(readPoint(r))
    else if (tag === 0x10) data.temporality = Math.min(r.uint32(), 2) as Temporality
    else if (tag === 0x18) data.monotonic = r.uint32() !== 0
    else r.skip(tag)
  }
  r.close(outer)
  return data
}

function withoutMonotonic<P>(type: string, { points, temporality }: Data<P>): MetricData {
  return { type, points, temporality } as unknown as MetricData
}

/** NumberDataPoint: start 2, time 3, double 4, exemplars 5, int 6, attributes 7, flags 8. */
function readNumberPoint(r: Reader): NumberPoint {
  const point: NumberPoint = {
    attributes: [],
    startTimeUnixNano: 0n,
    timeUnixNano: 0n,
    flags: 0,
    value: undefined,
    exemplars: [],
  }
  const outer = r.open()
  while (r.more) {
    const tag = r.tag()
    switch (tag) {
      case 0x11:
        point.startTimeUnixNano = r.fixed64()
        break
      case 0x19:
        point.timeUnixNano = r.fixed64()
        break
      case 0x21:
        point.value = r.double()
        break
      case 0x2a:
        point.exemplars.push(readExemplar(r))
        break
      case 0x31:
        point.value = r.sfixed64()
        break
      case 0x3a:
        point.attributes.push(readKeyValue(r))
        break
      case 0x40:
        point.flags = r.uint32()
        break
      default:
        r.skip(tag)
    }
  }
  r.close(outer)
  return point
}

/** HistogramDataPoint: start 2, time 3, count 4, sum 5, buckets 6, bounds 7, exemplars 8, attributes 9, flags 10, min 11, max 12. */
function readHistogramPoint(r: Reader): HistogramPoint {
  const point: HistogramPoint = {
    attributes: [],
    startTimeUnixNano: 0n,
    timeUnixNano: 0n,
    flags: 0,
    count: 0n,
    sum: undefined,
    bucketCounts: [],
    explicitBounds: [],
    min: undefined,
    max: undefined,
    exemplars: [],
  }
  const outer = r.open()
  while (r.more) {
    const tag = r.tag()
    switch (tag) {
      case 0x11:
        point.startTimeUnixNano = r.fixed64()
        break
      case 0x19:
        point.timeUnixNano = r.fixed64()
        break
      case 0x21:
        point.count = r.fixed64()
        break
      case 0x29:
        point.sum = r.double()
        break
      case 0x32:
      case 0x31:
        r.repeated(tag, () => point.bucketCounts.push(r.fixed64()))
        break
      case 0x3a:
      case 0x39:
        r.repeated(tag, () => point.explicitBounds.push(r.double()))
        break
      case 0x42:
        point.exemplars.push(readExemplar(r))
        break
      case 0x4a:
        point.attributes.push(readKeyValue(r))
        break
      case 0x50:
        point.flags = r.uint32()
        break
      case 0x59:
        point.min = r.double()
        break
      case 0x61:
        point.max = r.double()
        break
      default:
        r.skip(tag)
    }
  }
  r.close(outer)
  return point
}

/**
 * ExponentialHistogramDataPoint: attributes 1, start 2, time 3, count 4, sum 5, scale 6, zero count 7, positive 8,
 * negative 9, flags 10, exemplars 11, min 12, max 13, zero threshold 14.
 */
function readExponentialPoint(r: Reader): ExponentialHistogramPoint {
  const point: ExponentialHistogramPoint = {
    attributes: [],
    startTimeUnixNano: 0n,
    timeUnixNano: 0n,
    flags: 0,
    count: 0n,
    sum: undefined,
    scale: 0,
    zeroCount: 0n,
    zeroThreshold: 0,
    positive: { offset: 0, bucketCounts: [] },
    negative: { offset: 0, bucketCounts: [] },
    min: undefined,
    max: undefined,
    exemplars: [],
  }
  const outer = r.open()
  while (r.more) {
    const tag = r.tag()
    switch (tag) {
      case 0x0a:
        point.attributes.push(readKeyValue(r))
        break
      case 0x11:
        point.startTimeUnixNano = r.fixed64()
        break
      case 0x19:
        point.timeUnixNano = r.fixed64()
        break
      case 0x21:
        point.count = r.fixed64()
        break
      case 0x29:
        point.sum = r.double()
        break
      case 0x30:
        point.scale = r.sint32()
        break
      case 0x39:
        point.zeroCount = r.fixed64()
        break
      case 0x42:
        readBuckets(r, point.positive)
        break
      case 0x4a:
        readBuckets(r, point.negative)
        break
      case 0x50:
        point.flags = r.uint32()
        break
      case 0x5a:
        point.exemplars.push(readExemplar(r))
        break
      case 0x61:
        point.min = r.double()
        break
      case 0x69:
        point.max = r.double()
        break
      case 0x71:
        point.zeroThreshold = r.double()
        break
      default:
        r.skip(tag)
    }
  }
  r.close(outer)
  return point
}

/** Buckets: offset 1 (zigzag), counts 2 (packed varints). */
function readBuckets(r: Reader, buckets: { offset: number; bucketCounts: bigint[] }): void {
  const outer = r.open()
  while (r.more) {
    const tag = r.tag()
    if (tag === 0x08) buckets.offset = r.sint32()
    else if (tag === 0x12 || tag === 0x10) r.repeated(tag, () => buckets.bucketCounts.push(r.uint64()))
    else r.skip(tag)
  }
  r.close(outer)
}

/** SummaryDataPoint: start 2, time 3, count 4, sum 5, quantiles 6 {quantile 1, value 2}, attributes 7, flags 8. */
function readSummaryPoint(r: Reader): SummaryPoint {
  const point: SummaryPoint = {
    attributes: [],
    startTimeUnixNano: 0n,
    timeUnixNano: 0n,
    flags: 0,
    count: 0n,
    sum: 0,
    quantiles: [],
  }
  const outer = r.open()
  while (r.more) {
    const tag = r.tag()
    switch (tag) {
      case 0x11:
        point.startTimeUnixNano = r.fixed64()
        break
      case 0x19:
        point.timeUnixNano = r.fixed64()
        break
      case 0x21:
        point.count = r.fixed64()
        break
      case 0x29:
        point.sum = r.double()
        break
      case 0x32: {
        const quantile = { quantile: 0, value: 0 }
        const around = r.open()
        while (r.more) {
          const inner = r.tag()
          if (inner === 0x09) quantile.quantile = r.double()
          else if (inner === 0x11) quantile.value = r.double()
          else r.skip(inner)
        }
        r.close(around)
        point.quantiles.push(quantile)
        break
      }
      case 0x3a:
        point.attributes.push(readKeyValue(r))
        break
      case 0x40:
        point.flags = r.uint32()
        break
      default:
        r.skip(tag)
    }
  }
  r.close(outer)
  return point
}

/** Exemplar: time 2, double 3, span id 4, trace id 5, int 6, filtered attributes 7. */
function readExemplar(r: Reader): Exemplar {
  const exemplar: Exemplar = { filteredAttributes: [], timeUnixNano: 0n, value: 0, spanId: '', traceId: '' }
  const outer = r.open()
  while (r.more) {
    const tag = r.tag()
    switch (tag) {
      case 0x11:
        exemplar.timeUnixNano = r.fixed64()
        break
      case 0x19:
        exemplar.value = r.double()
        break
      case 0x22:
        exemplar.spanId = r.id(8)
        break
      case 0x2a:
        exemplar.traceId = r.id(16)
        break
      case 0x31:
        exemplar.value = r.sfixed64()
        break
      case 0x3a:
        exemplar.filteredAttributes.push(readKeyValue(r))
        break
      default:
        r.skip(tag)
    }
  }
  r.close(outer)
  return exemplar
}
