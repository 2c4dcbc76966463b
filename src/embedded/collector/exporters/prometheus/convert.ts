import { stringOf } from '../../../../otlp/attributes.ts'
import type {
  Exemplar,
  ExponentialHistogramPoint,
  HistogramPoint,
  Metric,
  NumberPoint,
  SummaryPoint,
} from '../../../../otlp/types.ts'
import type { FamilyMetric, FamilyType, TextExemplar } from './family.ts'

/** OpenMetrics' limit for the names and values of an exemplar's labels together. */
const MAX_EXEMPLAR_RUNES = 128

type Body = Omit<FamilyMetric, 'labels'>

/** The type of a metric's family. A gauge that a Prometheus receiver marked as of no known type is untyped. */
export function familyType({ data, metadata }: Metric): { type: FamilyType; shown: FamilyType } {
  if (data.type === 'gauge') {
    const origin = metadata.find(({ key }) => key === 'prometheus.type')?.value
    return { type: 'gauge', shown: origin != null && stringOf(origin) === 'unknown' ? 'untyped' : 'gauge' }
  }
  const type =
    data.type === 'sum' ? (data.monotonic ? 'counter' : 'gauge') : data.type === 'summary' ? 'summary' : 'histogram'
  return { type, shown: type }
}

/** One accumulated metric as a sample of its family (collector.go). Throws an Error that says why it cannot be shown. */
export function convertBody({ data }: Metric): Body {
  switch (data.type) {
    case 'none':
      throw new Error('unknown metric type')
    case 'gauge':
      return { value: Number(data.points[0]!.value ?? 0) }
    case 'sum':
      return convertSum(data.points[0]!, data.monotonic)
    case 'histogram':
      return convertHistogram(data.points[0]!)
    case 'exponentialHistogram':
      return convertExponential(data.points[0]!)
    case 'summary':
      return convertSummary(data.points[0]!)
  }
}

function convertSum(point: NumberPoint, monotonic: boolean): Body {
  const exemplar = monotonic ? point.exemplars.map(convertExemplar).at(-1) : undefined
  return { value: Number(point.value ?? 0), ...(exemplar ? { exemplar } : {}) }
}

function convertHistogram(point: HistogramPoint): Body {
  const counts = new Map<number, bigint>()
  point.explicitBounds.forEach((bound, i) => {
    if (!counts.has(bound)) counts.set(bound, point.bucketCounts[i] ?? 0n)
  })
  let cumulative = 0n
  const buckets: NonNullable<Body['buckets']> = [...counts.keys()]
    .sort((a, b) => a - b)
    .map((bound) => {
      cumulative += counts.get(bound)!
      return { bound, count: cumulative }
    })
  for (const exemplar of point.exemplars.map(convertExemplar)) {
    const bucket = buckets.find(({ bound }) => bound >= exemplar.value)
    if (bucket) bucket.exemplar = exemplar
    else buckets.push({ bound: Number.POSITIVE_INFINITY, count: point.count, exemplar })
  }
  return { value: point.sum ?? 0, count: point.count, buckets }
}

/** A native histogram has no place in the text formats but its count, its sum and the bucket of everything. */
function convertExponential(point: ExponentialHistogramPoint): Body {
  if (point.scale < -4) {
    throw new Error(`cannot convert exponential to native histogram: scale must be >= -4, was ${point.scale}`)
  }
  return { value: point.sum ?? 0, count: point.count, buckets: [] }
}

function convertSummary(point: SummaryPoint): Body {
  const last = new Map(point.quantiles.map(({ quantile, value }) => [quantile, value]))
  const quantiles = [...last].sort(([a], [b]) => a - b).map(([quantile, value]) => ({ quantile, value }))
  return { value: point.sum, count: point.count, quantiles }
}

/** Of what was measured only the way to the trace is shown. */
function convertExemplar(exemplar: Exemplar): TextExemplar {
  const labels: [string, string][] = []
  if (exemplar.traceId !== '') labels.push(['trace_id', exemplar.traceId])
  if (exemplar.spanId !== '') labels.push(['span_id', exemplar.spanId])
  const runes = labels.reduce((sum, [name, value]) => sum + name.length + value.length, 0)
  if (runes > MAX_EXEMPLAR_RUNES) {
    throw new Error(`exemplar labels have ${runes} runes, exceeding the limit of ${MAX_EXEMPLAR_RUNES}`)
  }
  return { labels, value: Number(exemplar.value), timestampNs: exemplar.timeUnixNano }
}
