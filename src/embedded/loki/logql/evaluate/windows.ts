import type { RangeOperation } from '../ast.ts'

/** The samples of one series, in the order of time; times are nanoseconds since the query's own beginning. */
export interface Samples {
  times: number[]
  /** Empty where every sample counts as 1. */
  values: number[]
}

/** What a range aggregation makes of the samples from index `from` to before `to`; there is at least one. */
export type WindowFunction = (samples: Samples, from: number, to: number, windowEnd: number) => number

export function windowFunction(
  operation: RangeOperation,
  seconds: number,
  quantile: number | undefined,
  unwrapped: boolean,
): WindowFunction {
  switch (operation) {
    case 'count_over_time':
      return (_, from, to) => to - from
    case 'rate':
      return unwrapped ? (s, from, to) => sum(s, from, to) / seconds : (_, from, to) => (to - from) / seconds
    case 'bytes_rate':
      return (s, from, to) => sum(s, from, to) / seconds
    case 'bytes_over_time':
    case 'sum_over_time':
      return sum
    case 'rate_counter':
      return (s, from, to, end) => rateCounter(s, from, to, end, seconds)
    case 'avg_over_time':
      return average
    case 'max_over_time':
      return (s, from, to) => extreme(s, from, to, (a, b) => a > b)
    case 'min_over_time':
      return (s, from, to) => extreme(s, from, to, (a, b) => a < b)
    case 'stdvar_over_time':
      return variance
    case 'stddev_over_time':
      return (s, from, to) => Math.sqrt(variance(s, from, to))
    case 'quantile_over_time':
      return (s, from, to) => quantileOf(quantile ?? 0, s.values.slice(from, to))
    case 'first_over_time':
      return (s, from) => s.values[from]!
    case 'last_over_time':
      return (s, _, to) => s.values[to - 1]!
    case 'absent_over_time':
      return () => 1
  }
}

function sum({ values }: Samples, from: number, to: number): number {
  let total = 0
  for (let i = from; i < to; i++) total += values[i]!
  return total
}

/** The next mean of a running one; an infinite mean stays, unless the other infinity or NaN comes. */
export function nextMean(mean: number, value: number, count: number): number {
  if (!Number.isFinite(mean) && !Number.isNaN(mean)) {
    if (value === mean || Number.isFinite(value)) return mean
  }
  return mean + (value / count - mean / count)
}

function average({ values }: Samples, from: number, to: number): number {
  let mean = 0
  for (let i = from; i < to; i++) mean = nextMean(mean, values[i]!, i - from + 1)
  return mean
}

function extreme({ values }: Samples, from: number, to: number, better: (a: number, b: number) => boolean): number {
  let best = values[from]!
  for (let i = from + 1; i < to; i++) if (better(values[i]!, best) || Number.isNaN(best)) best = values[i]!
  return best
}

/** Welford's algorithm. */
function variance({ values }: Samples, from: number, to: number): number {
  let mean = 0
  let squares = 0
  for (let i = from; i < to; i++) {
    const delta = values[i]! - mean
    mean += delta / (i - from + 1)
    squares += delta * (values[i]! - mean)
  }
  return squares / (to - from)
}

/** NaN sorts first, as in Loki. */
function quantileOf(quantile: number, values: number[]): number {
  if (quantile < 0) return -Infinity
  if (quantile > 1) return Infinity
  const sorted = Float64Array.from(values).sort()
  const numbers = sorted.findIndex(Number.isNaN)
  if (numbers >= 0) sorted.set([...sorted.slice(numbers), ...sorted.slice(0, numbers)])
  const rank = quantile * (sorted.length - 1)
  const lower = Math.max(0, Math.floor(rank))
  const upper = Math.min(sorted.length - 1, lower + 1)
  const weight = rank - Math.floor(rank)
  return sorted[lower]! * (1 - weight) + sorted[upper]! * weight
}

/** Prometheus's extrapolated rate of a counter, with the window's own bounds. */
function rateCounter({ times, values }: Samples, from: number, to: number, windowEnd: number, seconds: number): number {
  if (to - from < 2) return 0
  const [first, last] = [values[from]!, values[to - 1]!]
  let increase = last - first
  let before = 0
  for (let i = from; i < to; i++) {
    if (values[i]! < before) increase += before
    before = values[i]!
  }
  let toStart = (times[from]! - windowEnd) / 1e9 + seconds
  let toEnd = (windowEnd - times[to - 1]!) / 1e9
  const covered = (times[to - 1]! - times[from]!) / 1e9
  const between = covered / (to - from - 1)
  if (toStart >= between * 1.1) toStart = between / 2
  // A counter is never negative: no further back than to where it was 0.
  if (increase > 0 && first >= 0) toStart = Math.min(toStart, covered * (first / increase))
  if (toEnd >= between * 1.1) toEnd = between / 2
  return (increase * ((covered + toStart + toEnd) / covered)) / seconds
}
