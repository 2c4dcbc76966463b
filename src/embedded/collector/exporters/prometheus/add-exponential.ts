import type { ExponentialHistogramPoint } from '../../../../otlp/types.ts'

type Buckets = ExponentialHistogramPoint['positive']

/** Two deltas that follow each other, at the coarser of their scales. */
export function addExponentialHistograms(
  old: ExponentialHistogramPoint,
  point: ExponentialHistogramPoint,
): ExponentialHistogramPoint {
  const late = point.timeUnixNano < old.timeUnixNano
  const scale = Math.min(old.scale, point.scale)
  const least = (a: number | undefined, b: number | undefined, pick: (...of: number[]) => number) =>
    a === undefined ? b : b === undefined ? a : pick(a, b)
  return {
    ...(late ? old : point),
    startTimeUnixNano: (late ? point : old).startTimeUnixNano,
    scale,
    zeroThreshold: Math.max(old.zeroThreshold, point.zeroThreshold),
    zeroCount: old.zeroCount + point.zeroCount,
    count: old.count + point.count,
    sum: old.sum === undefined || point.sum === undefined ? undefined : old.sum + point.sum,
    min: least(old.min, point.min, Math.min),
    max: least(old.max, point.max, Math.max),
    positive: merge(downscale(old.positive, old.scale - scale), downscale(point.positive, point.scale - scale)),
    negative: merge(downscale(old.negative, old.scale - scale), downscale(point.negative, point.scale - scale)),
    exemplars: [],
  }
}

function downscale({ offset, bucketCounts }: Buckets, by: number): Buckets {
  if (bucketCounts.length === 0 || by === 0) return { offset, bucketCounts }
  const shifted = (index: number) => Math.floor(index / 2 ** by)
  const start = shifted(offset)
  const counts = new Array<bigint>(shifted(offset + bucketCounts.length - 1) - start + 1).fill(0n)
  bucketCounts.forEach((count, i) => {
    counts[shifted(offset + i) - start]! += count
  })
  return { offset: start, bucketCounts: counts }
}

function merge(a: Buckets, b: Buckets): Buckets {
  if (a.bucketCounts.length === 0) return b
  if (b.bucketCounts.length === 0) return a
  const offset = Math.min(a.offset, b.offset)
  const end = Math.max(a.offset + a.bucketCounts.length, b.offset + b.bucketCounts.length)
  // Offsets come from the sender: a span of buckets that no sane histogram has must not fill the memory.
  if (end - offset > MAX_BUCKETS) return b
  const counts = new Array<bigint>(end - offset).fill(0n)
  for (const side of [a, b]) {
    side.bucketCounts.forEach((count, i) => {
      counts[side.offset + i - offset]! += count
    })
  }
  return { offset, bucketCounts: counts }
}

const MAX_BUCKETS = 100_000
