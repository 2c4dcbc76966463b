import { stringOf } from '../../otlp/attributes.ts'
import type { ExponentialHistogramPoint, HistogramPoint, Metric, MetricData, NumberPoint } from '../../otlp/types.ts'
import { arg, define, list, type OttlFunction, optList } from '../function.ts'
import type { AnyPoint } from '../scene.ts'
import { mergeBuckets } from './merge-buckets.ts'

const WAYS = ['sum', 'mean', 'min', 'max', 'median', 'count']

function checkWay(way: unknown): void {
  if (typeof way !== 'string' || WAYS.includes(way)) return
  throw new Error(`invalid aggregation function: 'unsupported function: '${way}'', valid options: ${WAYS.join(', ')}`)
}

/** What points must have in common to become one. */
function keyOf(point: AnyPoint, { type, ...data }: MetricData): string {
  const pairs = point.attributes.map(({ key, value }) => {
    return `${JSON.stringify(key)}:${typeof value === 'string' ? JSON.stringify(value) : stringOf(value)}`
  })
  const delta = 'temporality' in data && data.temporality === 1
  const has = 'min' in point ? [point.min !== undefined, point.max !== undefined, point.flags] : []
  const shape = 'explicitBounds' in point ? point.explicitBounds : 'scale' in point ? point.scale : ''
  return JSON.stringify([
    ...[pairs.sort(), String(point.timeUnixNano), shape, has],
    delta ? String(point.startTimeUnixNano) : '',
  ])
}

const double = ({ value }: NumberPoint) => Number(value ?? 0)
const whole = ({ value }: NumberPoint) => (typeof value === 'bigint' ? value : BigInt(Math.trunc(value ?? 0)))

function doubles(points: readonly NumberPoint[], first: number, way: string): number {
  const all = [first, ...points.slice(1).map(double)]
  if (way === 'max') return Math.max(...all)
  if (way === 'min') return Math.min(...all)
  if (way === 'median') {
    const sorted = all.sort((a, b) => a - b)
    const middle = sorted.length >> 1
    return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  }
  // One alone is left as it is.
  if (way === 'count') return all.length === 1 ? first : all.length
  const sum = all.reduce((a, b) => a + b)
  return way === 'mean' ? sum / all.length : sum
}

function wholes(points: readonly NumberPoint[], first: bigint, way: string): bigint {
  const all = [first, ...points.slice(1).map(whole)]
  const sorted = () => [...all].sort((a, b) => (a < b ? -1 : 1))
  if (way === 'max') return sorted().at(-1)!
  if (way === 'min') return sorted()[0]!
  if (way === 'median') {
    const middle = all.length >> 1
    return all.length % 2 === 1 ? sorted()[middle]! : (sorted()[middle - 1]! + sorted()[middle]!) / 2n
  }
  if (way === 'count') return all.length === 1 ? first : BigInt(all.length)
  // To a sum of whole numbers a double adds nothing.
  const sum = points.slice(1).reduce((a, { value }) => a + (typeof value === 'bigint' ? value : 0n), first)
  return BigInt.asIntN(64, way === 'mean' ? sum / BigInt(all.length) : sum)
}

function mergeNumbers(points: NumberPoint[], way: string): NumberPoint {
  const [first] = points as [NumberPoint]
  if (typeof first.value === 'bigint') first.value = wholes(points, first.value, way)
  else if (typeof first.value === 'number') first.value = doubles(points, first.value, way)
  for (const { startTimeUnixNano: start } of points)
    if (start < first.startTimeUnixNano) first.startTimeUnixNano = start
  return first
}

function mergeHistograms<T extends HistogramPoint | ExponentialHistogramPoint>(points: T[]): T {
  const [first, ...others] = points as [T, ...T[]]
  for (const other of others) {
    if (other.count === 0n) continue
    first.count += other.count
    first.sum = (first.sum ?? 0) + (other.sum ?? 0)
    if (first.min !== undefined && first.min > (other.min ?? 0)) first.min = other.min ?? 0
    if (first.max !== undefined && first.max < (other.max ?? 0)) first.max = other.max ?? 0
    if ('scale' in first) mergeExponential(first, other as ExponentialHistogramPoint)
    else {
      const counts = (other as HistogramPoint).bucketCounts
      first.bucketCounts = first.bucketCounts.map((count, b) => count + (counts[b] ?? 0n))
    }
    first.exemplars.push(...other.exemplars)
    if (other.startTimeUnixNano < first.startTimeUnixNano) first.startTimeUnixNano = other.startTimeUnixNano
  }
  return first
}

function mergeExponential(first: ExponentialHistogramPoint, other: ExponentialHistogramPoint): void {
  first.zeroCount += other.zeroCount
  mergeBuckets(first.negative, other.negative)
  mergeBuckets(first.positive, other.positive)
}

function aggregate(metric: Metric, way: string): void {
  const { data } = metric
  // What has no points of these kinds comes out empty, in the real one too.
  if (data.type === 'none') return
  const groups = new Map<string, AnyPoint[]>()
  for (const point of data.points) {
    const key = keyOf(point, data)
    groups.set(key, [...(groups.get(key) ?? []), point])
  }
  const merge = (points: AnyPoint[]): AnyPoint =>
    'value' in points[0]! ? mergeNumbers(points as NumberPoint[], way) : mergeHistograms(points as HistogramPoint[])
  const points = data.type === 'summary' ? [] : [...groups.values()].map(merge)
  metric.data = { ...data, points } as MetricData
  metric.metadata = []
}

export const AGGREGATE: readonly OttlFunction[] = [
  define(
    'aggregate_on_attributes',
    [arg('AggregationFunction', 'string'), optList('Attributes', 'string')],
    ([way, kept], { metric }) => {
      const { data } = metric!
      if (data.type === 'summary')
        throw new Error('aggregate_on_attributes does not support aggregating Summary metrics')
      if (kept !== undefined && data.type !== 'none') {
        for (const point of data.points) point.attributes = point.attributes.filter(({ key }) => kept.includes(key))
      }
      aggregate(metric!, way)
    },
    ([way]) => checkWay(way),
  ),
  define(
    'aggregate_on_attribute_value',
    [
      arg('AggregationFunction', 'string'),
      arg('Attribute', 'string'),
      list('Values', 'string'),
      arg('NewValue', 'string'),
    ],
    ([way, attribute, values, written], { metric }) => {
      const { data } = metric!
      for (const point of data.type === 'none' ? [] : data.points) {
        const pair = point.attributes.find(({ key }) => key === attribute)
        const text = typeof pair?.value === 'string' ? pair.value : ''
        if (pair !== undefined && values.includes(text)) pair.value = written
      }
      aggregate(metric!, way)
    },
    ([way]) => checkWay(way),
  ),
]
