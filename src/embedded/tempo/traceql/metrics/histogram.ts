/** Counts by bucket, a bucket being a power of two, named by its upper end. */
export type Buckets = Map<number, number>

/** The power of two at or above `value`; undefined below 2. */
export function bucketOf(value: number): number | undefined {
  return value < 2 ? undefined : 2 ** Math.ceil(Math.log2(value))
}

/** The `p` quantile, interpolated exponentially within its bucket; 0 for no buckets. */
export function quantile(p: number, buckets: Buckets): number {
  const sorted = [...buckets].sort(([a], [b]) => a - b)
  const total = sorted.reduce((sum, [, count]) => sum + count, 0)
  if (total === 0) return 0
  // Rounded up, so that few samples give something sensible; at least one is read.
  const wanted = Math.max(1, Math.ceil(p * total))
  let before = 0
  let at = 0
  for (const [i, [max, count]] of sorted.entries()) {
    at = i
    if (before + count > wanted) break
    before += count
    if (before === wanted) return max
  }
  const [max, count] = sorted[at]!
  const high = Math.log2(max)
  const low = at > 0 ? Math.log2(sorted[at - 1]![0]) : high - 1
  return 2 ** (low + (high - low) * ((wanted - before) / count))
}
