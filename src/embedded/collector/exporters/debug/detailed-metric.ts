import { metricTypeName } from '../../../../otlp/metric-type-name.ts'
import type {
  Exemplar,
  ExponentialHistogramPoint,
  HistogramPoint,
  KeyValue,
  Metric,
  NumberPoint,
  SummaryPoint,
} from '../../../../otlp/types.ts'
import { formatFixed, formatTime } from '../../../../util/go-format.ts'
import { attributeLines } from './values.ts'

const TEMPORALITIES = ['Unspecified', 'Delta', 'Cumulative']

/** A metric and its points in the detailed text. */
export function metricLines(metric: Metric): string[] {
  const { data } = metric
  const lines = [
    'Descriptor:',
    `     -> Name: ${metric.name}`,
    `     -> Description: ${metric.description}`,
    `     -> Unit: ${metric.unit}`,
    `     -> DataType: ${metricTypeName({ data })}`,
    ...attributeLines('     -> Metadata', metric.metadata),
  ]
  if (data.type === 'sum') lines.push(`     -> IsMonotonic: ${data.monotonic}`)
  if ('temporality' in data) lines.push(`     -> AggregationTemporality: ${TEMPORALITIES[data.temporality]}`)
  switch (data.type) {
    case 'none':
      return lines
    case 'gauge':
    case 'sum':
      return [...lines, ...pointLines('NumberDataPoints', data.points, numberLines)]
    case 'histogram':
      return [...lines, ...pointLines('HistogramDataPoints', data.points, histogramLines)]
    case 'exponentialHistogram':
      return [...lines, ...pointLines('ExponentialHistogramDataPoints', data.points, exponentialLines)]
    case 'summary':
      return [...lines, ...pointLines('SummaryDataPoints', data.points, summaryLines)]
  }
}

interface Point {
  attributes: KeyValue[]
  startTimeUnixNano: bigint
  timeUnixNano: bigint
}

function pointLines<P extends Point>(name: string, points: readonly P[], rest: (point: P) => string[]): string[] {
  return points.flatMap((point, i) => [
    `${name} #${i}`,
    ...attributeLines('Data point attributes', point.attributes),
    `StartTimestamp: ${formatTime(point.startTimeUnixNano)}`,
    `Timestamp: ${formatTime(point.timeUnixNano)}`,
    ...rest(point),
  ])
}

const number = (value: number | bigint) => (typeof value === 'bigint' ? String(value) : formatFixed(value))

function numberLines({ value, exemplars }: NumberPoint): string[] {
  return [...(value === undefined ? [] : [`Value: ${number(value)}`]), ...exemplarLines(exemplars)]
}

function extent({ count, sum, min, max }: HistogramPoint | ExponentialHistogramPoint): string[] {
  const told = (name: string, value: number | undefined) =>
    value === undefined ? [] : [`${name}: ${formatFixed(value)}`]
  return [`Count: ${count}`, ...told('Sum', sum), ...told('Min', min), ...told('Max', max)]
}

function histogramLines(point: HistogramPoint): string[] {
  return [
    ...extent(point),
    ...point.explicitBounds.map((bound, i) => `ExplicitBounds #${i}: ${formatFixed(bound)}`),
    ...point.bucketCounts.map((count, i) => `Buckets #${i}, Count: ${count}`),
    ...exemplarLines(point.exemplars),
  ]
}

function exponentialLines(point: ExponentialHistogramPoint): string[] {
  const factor = Math.LN2 * 2 ** -point.scale
  const bound = (index: number) => Math.exp(index * factor)
  const { positive, negative } = point
  const below = negative.bucketCounts
    .map((count, i) => {
      const index = negative.offset + i
      return `Bucket [${formatFixed(-bound(index + 1))}, ${formatFixed(-bound(index))}), Count: ${count}`
    })
    .reverse()
  const zero = point.zeroCount === 0n ? [] : [`Bucket [0, 0], Count: ${point.zeroCount}`]
  const above = positive.bucketCounts.map((count, i) => {
    const index = positive.offset + i
    return `Bucket (${formatFixed(bound(index))}, ${formatFixed(bound(index + 1))}], Count: ${count}`
  })
  return [...extent(point), ...below, ...zero, ...above, ...exemplarLines(point.exemplars)]
}

function summaryLines({ count, sum, quantiles }: SummaryPoint): string[] {
  return [
    `Count: ${count}`,
    `Sum: ${formatFixed(sum)}`,
    ...quantiles.map(
      (q, i) => `QuantileValue #${i}: Quantile ${formatFixed(q.quantile)}, Value ${formatFixed(q.value)}`,
    ),
  ]
}

function exemplarLines(exemplars: readonly Exemplar[]): string[] {
  if (exemplars.length === 0) return []
  const lines = exemplars.flatMap((exemplar, i) => [
    `Exemplar #${i}`,
    `     -> Trace ID: ${exemplar.traceId}`,
    `     -> Span ID: ${exemplar.spanId}`,
    `     -> Timestamp: ${formatTime(exemplar.timeUnixNano)}`,
    `     -> Value: ${number(exemplar.value)}`,
    ...attributeLines('     -> FilteredAttributes', exemplar.filteredAttributes),
  ])
  return ['Exemplars:', ...lines]
}
