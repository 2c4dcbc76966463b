import { table } from '../../../../util/table.ts'
import { isInfinite, KahanSum } from './kahan.ts'
import type { Window, WindowFunction } from './window.ts'

/**
 * The growth between the first and last sample, stretched to the range's ends when the samples come close enough to
 * them to believe that the series goes on (promql.extrapolatedRate).
 */
function extrapolated(window: Window, isCounter: boolean, perSecond: boolean) {
  const { values, from, to } = window
  const last = to - 1
  if (last === from) return undefined
  const first = values[from]!
  let growth = values[last]! - first
  if (isCounter) {
    let previous = first
    for (let i = from + 1; i < to; i++) {
      const value = values[i]!
      if (value < previous) growth += previous
      previous = value
    }
  }
  return growth * stretch(window, first, growth, isCounter, perSecond)
}

/** By how much to multiply what grew between the first and last sample. */
function stretch(
  { times, from, to, start, end }: Window,
  first: number,
  growth: number,
  isCounter: boolean,
  perSecond: boolean,
): number {
  const last = to - 1
  const sampled = (times[last]! - times[from]!) / 1000
  const spacing = sampled / (last - from)
  const threshold = spacing * 1.1
  let toStart = (times[from]! - start) / 1000
  let toEnd = (end - times[last]!) / 1000
  if (toStart >= threshold) toStart = spacing / 2
  if (isCounter && growth > 0 && first >= 0) {
    // A counter does not reach below zero.
    const toZero = sampled * (first / growth)
    if (toZero < toStart) toStart = toZero
  }
  if (toEnd >= threshold) toEnd = spacing / 2
  const factor = (sampled + toStart + toEnd) / sampled
  return perSecond ? factor / ((end - start) / 1000) : factor
}

/** Of the last two samples. */
function instant({ times, values, from, to }: Window, isRate: boolean) {
  if (to - from < 2) return undefined
  const last = values[to - 1]!
  const before = values[to - 2]!
  const interval = times[to - 1]! - times[to - 2]!
  if (interval === 0) return undefined
  const growth = isRate && last < before ? last : last - before
  return isRate ? growth / (interval / 1000) : growth
}

/** deriv and predict_linear: least squares, seconds from `origin`. */
function regression({ times, values, from, to }: Window, origin: number): { slope: number; intercept: number } {
  const count = to - from
  const initial = values[from]!
  const sums = { x: new KahanSum(), y: new KahanSum(), xy: new KahanSum(), xx: new KahanSum() }
  let constant = true
  for (let i = from; i < to; i++) {
    const y = values[i]!
    const x = (times[i]! - origin) / 1000
    if (y !== initial) constant = false
    sums.x.add(x)
    sums.y.add(y)
    sums.xy.add(x * y)
    sums.xx.add(x * x)
  }
  if (constant) {
    return isInfinite(initial) ? { slope: Number.NaN, intercept: Number.NaN } : { slope: 0, intercept: initial }
  }
  const [x, y] = [sums.x.sum + sums.x.lost, sums.y.sum + sums.y.lost]
  const covariance = sums.xy.sum + sums.xy.lost - (x * y) / count
  const variance = sums.xx.sum + sums.xx.lost - (x * x) / count
  const slope = covariance / variance
  return { slope, intercept: y / count - (slope * x) / count }
}

function countPairs({ values, from, to }: Window, counts: (before: number, value: number) => boolean): number {
  let count = 0
  for (let i = from + 1; i < to; i++) if (counts(values[i - 1]!, values[i]!)) count++
  return count
}

const isChange = (before: number, value: number) => before !== value && !(Number.isNaN(before) && Number.isNaN(value))

/** Functions of how a series changes. */
export const CHANGE_FUNCTIONS: Record<string, WindowFunction> = table({
  rate: (window) => extrapolated(window, true, true),
  increase: (window) => extrapolated(window, true, false),
  delta: (window) => extrapolated(window, false, false),
  irate: (window) => instant(window, true),
  idelta: (window) => instant(window, false),
  changes: (window) => countPairs(window, isChange),
  resets: (window) => countPairs(window, (before, value) => value < before),
  deriv: (window) => (window.to - window.from < 2 ? undefined : regression(window, window.times[window.from]!).slope),
  predict_linear: (window) => {
    if (window.to - window.from < 2) return undefined
    const { slope, intercept } = regression(window, window.time)
    return slope * window.scalars[0]! + intercept
  },
})
