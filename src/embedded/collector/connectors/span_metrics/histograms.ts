import type { Exemplar, ExponentialHistogramPoint, HistogramPoint, KeyValue } from '../../../../otlp/types.ts'
import type { Series } from './series.ts'

export interface Explicit {
  sum: number
  count: number
  buckets: number[]
}

export interface PointTimes {
  startTimeUnixNano: bigint
  timeUnixNano: bigint
}

export function observe(histogram: Explicit, bounds: readonly number[], value: number, times: number): void {
  histogram.sum += value * times
  histogram.count += times
  const at = bounds.findIndex((bound) => value <= bound)
  const slot = at === -1 ? bounds.length : at
  histogram.buckets[slot] = histogram.buckets[slot]! + times
}

export function explicitPoint(series: Series<Explicit>, bounds: number[], times: PointTimes): HistogramPoint {
  const { value, attributes } = series
  return {
    ...pointOf(attributes, series.exemplars, times),
    count: BigInt(value.count),
    sum: value.sum,
    bucketCounts: value.buckets.map(BigInt),
    explicitBounds: bounds,
    min: undefined,
    max: undefined,
  }
}

/** An exponential histogram of values that are never negative; it grows coarser rather than larger than `maxSize`. */
export interface Exponential {
  sum: number
  count: number
  zero: number
  min: number
  max: number
  scale: number
  counts: Map<number, number>
}

const MAX_SCALE = 20

export function emptyExponential(): Exponential {
  return { sum: 0, count: 0, zero: 0, min: Infinity, max: -Infinity, scale: MAX_SCALE, counts: new Map() }
}

export function observeExponential(h: Exponential, maxSize: number, value: number, times: number): void {
  h.sum += value * times
  h.count += times
  h.min = Math.min(h.min, value)
  h.max = Math.max(h.max, value)
  if (value === 0) {
    h.zero += times
    return
  }
  const index = Math.ceil(Math.log2(value) * 2 ** h.scale) - 1
  h.counts.set(index, (h.counts.get(index) ?? 0) + times)
  let [low, high] = [Math.min(...h.counts.keys()), Math.max(...h.counts.keys())]
  while (high - low + 1 > maxSize) {
    const coarser = new Map<number, number>()
    for (const [at, count] of h.counts) coarser.set(at >> 1, (coarser.get(at >> 1) ?? 0) + count)
    h.counts = coarser
    h.scale--
    low >>= 1
    high >>= 1
  }
}

export function exponentialPoint(series: Series<Exponential>, times: PointTimes): ExponentialHistogramPoint {
  const { value: h, attributes } = series
  const indexes = [...h.counts.keys()]
  const low = indexes.length === 0 ? 0 : Math.min(...indexes)
  const length = indexes.length === 0 ? 0 : Math.max(...indexes) - low + 1
  return {
    ...pointOf(attributes, series.exemplars, times),
    count: BigInt(h.count),
    sum: h.sum,
    scale: h.scale,
    zeroCount: BigInt(h.zero),
    zeroThreshold: 0,
    positive: { offset: low, bucketCounts: Array.from({ length }, (_, i) => BigInt(h.counts.get(low + i) ?? 0)) },
    negative: { offset: 0, bucketCounts: [] },
    min: h.count > 0 ? h.min : undefined,
    max: h.count > 0 ? h.max : undefined,
  }
}

export function pointOf(attributes: KeyValue[], exemplars: Exemplar[], times: PointTimes) {
  const stamped = exemplars.map((exemplar) => ({ ...exemplar, timeUnixNano: times.timeUnixNano }))
  return { attributes, ...times, flags: 0, exemplars: stamped }
}
