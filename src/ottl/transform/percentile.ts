import type { ExponentialHistogramPoint, HistogramPoint } from '../../otlp/types.ts'

const target = (count: bigint, percentile: number) => BigInt(Math.ceil(Number(count) * (percentile / 100)))

function between(lower: number, upper: number, ratio: number): number {
  if (ratio < 0 || ratio > 1) {
    throw new Error(`linear interpolation: invalid ratio ${ratio.toFixed(6)}, must be between 0 and 1`)
  }
  return lower + ratio * (upper - lower)
}

function logBetween(lower: number, upper: number, ratio: number): number {
  if (ratio < 0 || ratio > 1) {
    throw new Error(`logarithmic interpolation: invalid ratio ${ratio.toFixed(6)}, must be between 0 and 1`)
  }
  if (lower <= 0 || upper <= 0) {
    const bounds = `lowerBound=${lower.toFixed(6)}, upperBound=${upper.toFixed(6)}`
    throw new Error(`logarithmic interpolation: bounds must be positive, got ${bounds}`)
  }
  const low = Math.log2(lower)
  return 2 ** (low + (Math.log2(upper) - low) * ratio)
}

const short = (what: string, wanted: bigint, got: bigint) =>
  new Error(
    `calculating ${what} percentile: malformed data: cumulative count doesn't reach target count corresponding to percentile. targetCount=${wanted}, total count=${got}`,
  )

/** Undefined where a point has nothing to tell. */
export function histogramPercentile(point: HistogramPoint, percentile: number): number | undefined {
  const { bucketCounts: counts, explicitBounds: bounds, min, max } = point
  if (point.count === 0n || counts.length === 0) return undefined
  const wanted = target(point.count, percentile)
  if (counts.length !== bounds.length + 1) {
    const lengths = `bucketCounts length (${counts.length}) != explicitBounds length (${bounds.length}) + 1`
    throw new Error(`calculating histogram percentile: malformed data: ${lengths}`)
  }
  if (counts.length === 1) {
    if (min === undefined || max === undefined) return undefined
    return between(min, max, Number(wanted) / Number(counts[0]!))
  }
  let sum = 0n
  for (const [i, count] of counts.entries()) {
    const before = sum
    sum += count
    if (sum < wanted) continue
    let [lower, upper] = [i === 0 ? 0 : bounds[i - 1]!, bounds[i] ?? max ?? Number.NEGATIVE_INFINITY]
    if (i === 0) {
      if (min !== undefined && min < upper) lower = min
      else if (upper < 0) return upper
    } else if (i === bounds.length && upper <= lower) return lower
    return between(lower, upper, Number(wanted - before) / Number(count))
  }
  throw short('histogram', wanted, sum)
}

export function exponentialPercentile(point: ExponentialHistogramPoint, percentile: number): number | undefined {
  const { negative, positive, zeroCount, zeroThreshold, scale } = point
  const [below, above] = [negative.bucketCounts, positive.bucketCounts]
  if (point.count === 0n || (below.length === 0 && above.length === 0 && zeroCount === 0n)) return undefined
  const wanted = target(point.count, percentile)
  const bound = (index: number) => (scale <= 0 ? 2 ** (index * 2 ** -scale) : Math.exp(index * Math.LN2 * 2 ** -scale))
  let sum = 0n
  for (let i = below.length - 1; i >= 0; i--) {
    const before = sum
    sum += below[i]!
    if (sum < wanted) continue
    const index = negative.offset + i
    const ratio = Number(wanted - before) / Number(below[i]!)
    return -logBetween(bound(index), bound(index + 1), 1 - ratio)
  }
  if (sum + zeroCount >= wanted) {
    const lower = below.length === 0 && above.length > 0 ? 0 : -zeroThreshold
    const upper = above.length === 0 && below.length > 0 ? 0 : zeroThreshold
    return between(lower, upper, Number(wanted - sum) / Number(zeroCount))
  }
  sum += zeroCount
  for (const [i, count] of above.entries()) {
    const before = sum
    sum += count
    if (sum < wanted) continue
    const index = positive.offset + i
    return logBetween(bound(index), bound(index + 1), Number(wanted - before) / Number(count))
  }
  throw short('exponential histogram', wanted, sum)
}
