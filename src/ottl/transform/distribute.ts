import type { ExponentialHistogramPoint } from '../../otlp/types.ts'

export const DISTRIBUTIONS = ['upper', 'midpoint', 'random', 'uniform']

type Distribute = (count: bigint, lower: number, upper: number, bounds: readonly number[], into: bigint[]) => void

const firstFrom = (bounds: readonly number[], value: number, from = 0) => {
  const at = bounds.findIndex((bound, i) => i >= from && value <= bound)
  return at < 0 ? bounds.length : at
}

/** The buckets that a range touches; the last has all that is beyond. */
function touched(lower: number, upper: number, bounds: readonly number[]): [start: number, end: number] {
  const start = firstFrom(bounds, lower)
  return [start, Math.min(firstFrom(bounds, upper, start), bounds.length - 1)]
}

const uniform: Distribute = (count, lower, upper, bounds, into) => {
  const [start, end] = touched(lower, upper, bounds)
  if (end <= start) return add(into, start, count)
  const share = BigInt(end - start + 1)
  for (let j = start; j <= end; j++) add(into, j, count / share + (BigInt(j - start) < count % share ? 1n : 0n))
}

/** By the share of the range in each bucket, and what is left by chance. */
const random: Distribute = (count, lower, upper, bounds, into) => {
  const [start, end] = touched(lower, upper, bounds)
  if (end <= start) return add(into, start, count)
  let left = count
  for (let j = start; j <= end; j++) {
    const overlap = Math.min(bounds[j]!, upper) - Math.max(j === 0 ? lower : bounds[j - 1]!, lower)
    const share = BigInt(Math.floor(Math.random() * Math.floor(Number(count) * (overlap / (upper - lower)))))
    add(into, j, share)
    left -= share
  }
  for (; left > 0n; left--) add(into, start + Math.floor(Math.random() * (end - start + 1)), 1n)
}

const ALGORITHMS: Record<string, Distribute> = {
  upper: (count, _, upper, bounds, into) => add(into, Math.min(firstFrom(bounds, upper), bounds.length - 1), count),
  midpoint: (count, lower, upper, bounds, into) => {
    const at = firstFrom(bounds, (upper + lower) / 2)
    add(into, at === bounds.length ? at - 1 : Math.max(0, at - 1), count)
  },
  uniform,
  random,
}

function add(into: bigint[], at: number, count: bigint): void {
  into[at] = into[at]! + count
}

/** The positive counts of a point by bounds, one bucket for each bound, as the transform processor has it. */
export function explicitCounts(point: ExponentialHistogramPoint, bounds: readonly number[], way: string): bigint[] {
  const into = bounds.map(() => 0n)
  const factor = Math.LN2 * 2 ** -point.scale
  if (point.zeroCount > 0n && bounds[0] === 0) add(into, 0, point.zeroCount)
  for (const [i, count] of point.positive.bucketCounts.entries()) {
    const index = point.positive.offset + i
    const [lower, upper] = [Math.exp(index * factor), Math.exp((index + 1) * factor)]
    const within = bounds.findIndex((bound, b) => b > 0 && lower > bounds[b - 1]! && upper <= bound)
    if (lower > bounds.at(-1)!) add(into, bounds.length - 1, count)
    else if (within > 0) add(into, within - 1, count)
    else ALGORITHMS[way]!(count, lower, upper, bounds, into)
  }
  return into
}
