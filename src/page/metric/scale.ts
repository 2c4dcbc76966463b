import type { Exemplar, Series } from '../../page-server/answers.ts'
import type { unitOf } from '../time/format.ts'
import { type Heat, shownBounds } from './heat.ts'
import type { Scale } from './plot.ts'

/** The value axis of what is drawn. `onAxis`: exemplars have their place on it. */
export function scaleOf(asked: {
  series: readonly Series[]
  heat: Heat | undefined
  exemplars: readonly Exemplar[]
  onAxis: boolean
  unit: ReturnType<typeof unitOf>
}): Scale {
  const { series, heat, exemplars, unit } = asked
  const dots = exemplars.map(({ value }) => value ?? Number.NaN)
  if (heat) {
    const { low, high } = shownBounds(
      heat,
      dots.filter((value) => value > 0),
    ) ?? { low: 0.01, high: 10 }
    return { low, high, logarithmic: true, base: 10, splits: heat.bounds }
  }
  // From zero, unless something is below it.
  let [low, high] = [0, Number.NEGATIVE_INFINITY]
  const see = (value: number | null) => {
    if (value === null || !Number.isFinite(value)) return
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  for (const { values } of series) for (const value of values) see(value)
  if (asked.onAxis) for (const value of dots) see(value)
  if (high === Number.NEGATIVE_INFINITY) high = 1
  // Room for the exemplars' lane at the top.
  const room = (high - low || Math.abs(high) || 1) * 0.22
  return { low, high: high + room, logarithmic: false, base: unit === 'B' ? 2 : 10 }
}
