import type { Bucket } from './buckets.ts'

/**
 * A native histogram with custom buckets: a classic one as a single sample. The embedded store keeps none; a source
 * may have them, and histogram_quantile, rate and sum take them as they take classic ones.
 */
export interface CustomHistogram {
  /** Upper bounds, ascending, without +Inf. */
  bounds: readonly number[]
  /** One more than bounds: the observations in each bucket, not below it. */
  counts: Float64Array
}

const total = ({ counts }: CustomHistogram) => counts.reduce((sum, count) => sum + count, 0)

const sameLayout = (a: CustomHistogram, b: CustomHistogram) =>
  a.bounds.length === b.bounds.length && a.bounds.every((bound, i) => bound === b.bounds[i])

/** a + b * sign; undefined when their buckets differ. */
export function combine(a: CustomHistogram, b: CustomHistogram, sign: 1 | -1): CustomHistogram | undefined {
  if (!sameLayout(a, b)) return undefined
  return { bounds: a.bounds, counts: a.counts.map((count, i) => count + sign * b.counts[i]!) }
}

export const scale = ({ bounds, counts }: CustomHistogram, factor: number): CustomHistogram => ({
  bounds,
  counts: counts.map((count) => count * factor),
})

/** As a classic histogram counts: everything up to a bound. */
export function cumulative({ bounds, counts }: CustomHistogram): Bucket[] {
  let count = 0
  return Array.from(counts, (own, i) => {
    count += own
    return { bound: bounds[i] ?? Number.POSITIVE_INFINITY, count }
  })
}

/** What was counted from the first to the last, over resets, in which any bucket falls. */
export function growth(
  samples: readonly CustomHistogram[],
): { growth: CustomHistogram; total: number; first: number } | undefined {
  let sum = combine(samples.at(-1)!, samples[0]!, -1)
  for (let i = 1; i < samples.length && sum !== undefined; i++) {
    const [before, now] = [samples[i - 1]!, samples[i]!]
    if (!sameLayout(before, now)) return undefined
    if (now.counts.some((count, b) => count < before.counts[b]!)) sum = combine(sum, before, 1)
  }
  return sum === undefined ? undefined : { growth: sum, total: total(sum), first: total(samples[0]!) }
}
