/** A bucket of a classic histogram: how many observations up to a bound. */
export interface Bucket {
  bound: number
  count: number
}

/** By how much counts may differ and still count as the same: rate() and sum() round. */
const TOLERANCE = 1e-12

export interface BucketQuantile {
  value: number
  /** Set when counts fell from one bucket to the next and were lifted. */
  forced: { min: number; max: number; diff: number } | undefined
}

/** Linear between a bucket's bounds. `buckets` must be sorted by bound; its counts are mended in place. */
export function bucketQuantile(q: number, sorted: Bucket[]): BucketQuantile {
  const answer = (value: number): BucketQuantile => ({ value, forced: undefined })
  if (Number.isNaN(q)) return answer(Number.NaN)
  if (q < 0) return answer(Number.NEGATIVE_INFINITY)
  if (q > 1) return answer(Number.POSITIVE_INFINITY)
  if (sorted.at(-1)!.bound !== Number.POSITIVE_INFINITY) return answer(Number.NaN)
  const buckets = coalesced(sorted)
  const forced = makeMonotonic(buckets)
  return { value: interpolated(q, buckets), forced }
}

function interpolated(q: number, buckets: readonly Bucket[]): number {
  const last = buckets.length - 1
  const observations = buckets[last]!.count
  if (buckets.length < 2 || observations === 0) return Number.NaN
  let rank = q * observations
  let b = 0
  // With a rank that is not a number nothing is found, and the last bucket stands.
  while (b < last && !(buckets[b]!.count >= rank)) b++
  if (b === last) return buckets[last - 1]!.bound
  const { bound, count: upTo } = buckets[b]!
  if (b === 0 && bound <= 0) return bound
  let start = 0
  let count = upTo
  if (b > 0) {
    const before = buckets[b - 1]!
    start = before.bound
    count -= before.count
    rank -= before.count
  }
  return start + (bound - start) * (rank / count)
}

/** Buckets of the same bound, however it was written, are one. */
function coalesced(sorted: readonly Bucket[]): Bucket[] {
  const result: Bucket[] = []
  for (const { bound, count } of sorted) {
    const last = result.at(-1)
    if (last?.bound === bound) last.count += count
    else result.push({ bound, count })
  }
  return result
}

/** A scrape can catch a histogram halfway through an update, so that a higher bucket counts less. */
function makeMonotonic(buckets: Bucket[]): BucketQuantile['forced'] {
  let forced: BucketQuantile['forced']
  let previous = buckets[0]!.count
  for (const bucket of buckets.slice(1)) {
    const { bound, count } = bucket
    if (count === previous) continue
    if (almostEqual(previous, count)) bucket.count = previous
    else if (count < previous) {
      bucket.count = previous
      forced = {
        min: Math.min(bound, forced?.min ?? Number.POSITIVE_INFINITY),
        max: Math.max(bound, forced?.max ?? Number.NEGATIVE_INFINITY),
        diff: Math.max(previous - count, forced?.diff ?? 0),
      }
    } else previous = count
  }
  return forced
}

function almostEqual(a: number, b: number): boolean {
  const sum = Math.abs(a) + Math.abs(b)
  const difference = Math.abs(a - b)
  if (a === 0 || b === 0 || sum < 2 ** -1022) return difference < TOLERANCE * 2 ** -1022
  return difference / Math.min(sum, Number.MAX_VALUE) < TOLERANCE
}

/** The share of observations between two values. `sorted` must be by bound. */
export function bucketFraction(lower: number, upper: number, sorted: readonly Bucket[]): number {
  if (sorted.at(-1)!.bound !== Number.POSITIVE_INFINITY) return Number.NaN
  const buckets = coalesced(sorted)
  const { count } = buckets.at(-1)!
  if (count === 0 || Number.isNaN(lower) || Number.isNaN(upper)) return Number.NaN
  if (lower >= upper) return 0
  return (rankOf(upper, buckets) - rankOf(lower, buckets)) / count
}

/** About how many observations lie below `value`. */
function rankOf(value: number, buckets: readonly Bucket[]): number {
  const total = buckets.at(-1)!.count
  let rank = 0
  // The first bucket starts at zero, if that is below its bound.
  let start = buckets[0]!.bound <= 0 ? Number.NEGATIVE_INFINITY : 0
  for (const { bound, count } of buckets) {
    if (start >= value) return Math.min(rank, total)
    if (bound > value) {
      const inside =
        start === Number.NEGATIVE_INFINITY ? count : rank + ((count - rank) * (value - start)) / (bound - start)
      return Math.min(inside, total)
    }
    rank = count
    start = bound
  }
  return total
}
