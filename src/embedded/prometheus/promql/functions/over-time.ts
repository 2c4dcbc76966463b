import { table } from '../../../../util/table.ts'
import { KahanMean, KahanSum } from './kahan.ts'
import { quantile } from './quantile.ts'
import type { Window, WindowFunction } from './window.ts'

/** The value that beats all others; NaN loses to anything. */
function best({ values, from, to }: Window, beats: (value: number, best: number) => boolean): number {
  let found = values[from]!
  for (let i = from + 1; i < to; i++) {
    const value = values[i]!
    if (beats(value, found) || Number.isNaN(found)) found = value
  }
  return found
}

function sum({ values, from, to }: Window): number {
  const total = new KahanSum()
  for (let i = from; i < to; i++) total.add(values[i]!)
  return total.total
}

function average({ values, from, to }: Window): number {
  const mean = new KahanMean(values[from]!)
  for (let i = from + 1; i < to; i++) mean.add(values[i]!)
  return mean.mean
}

/** Welford's, each running value compensated. */
function variance({ values, from, to }: Window): number {
  const mean = new KahanSum()
  const squares = new KahanSum()
  for (let i = from; i < to; i++) {
    const value = values[i]!
    const before = value - (mean.sum + mean.lost)
    mean.add(before / (i - from + 1))
    squares.add(before * (value - (mean.sum + mean.lost)))
  }
  return (squares.sum + squares.lost) / (to - from)
}

/** Functions that reduce a range to one number. Their window is never empty. */
export const REDUCING_FUNCTIONS: Record<string, WindowFunction> = table({
  avg_over_time: average,
  sum_over_time: sum,
  count_over_time: ({ from, to }) => to - from,
  min_over_time: (window) => best(window, (value, found) => value < found),
  max_over_time: (window) => best(window, (value, found) => value > found),
  first_over_time: ({ values, from }) => values[from],
  last_over_time: ({ values, to }) => values[to - 1],
  present_over_time: () => 1,
  /** What is absent is worked out from where this is present. */
  absent_over_time: () => 1,
  stdvar_over_time: variance,
  stddev_over_time: (window) => Math.sqrt(variance(window)),
  quantile_over_time: ({ values, from, to, scalars }) => quantile(scalars[0]!, values.slice(from, to)),
})
