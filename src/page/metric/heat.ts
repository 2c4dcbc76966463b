import type { Series } from '../../page-server/answers.ts'

export interface Cell {
  from: number
  to: number
  low: number
  high: number
  count: number
}

export interface Heat {
  cells: Cell[]
  /** Upper bounds of the buckets that can be drawn, ascending; without +Inf. */
  bounds: number[]
  most: number
}

/**
 * How many observations came in each step and bucket, from a classic histogram's `_bucket` series: their
 * differences in time and between bounds. A series that begins inside the range began at 0; a counter that fell was
 * reset.
 */
export function heatOf(series: readonly Series[], step: number): Heat {
  const groups = new Map<string, { le: number; byTime: Map<number, number> }[]>()
  for (const { labels, times, values } of series) {
    const { le, __name__: _, ...rest } = labels
    if (le === undefined) continue
    const bound = le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le)
    const increases = new Map<number, number>()
    let before = 0
    times.forEach((time, i) => {
      const value = values[i]
      if (value === null || value === undefined) return
      const increase = value >= before ? value - before : value
      if (increase > 0) increases.set(time, increase)
      before = value
    })
    const key = JSON.stringify(rest)
    groups.set(key, [...(groups.get(key) ?? []), { le: bound, byTime: increases }])
  }
  const cells = new Map<string, Cell>()
  const bounds = new Set<number>()
  for (const buckets of groups.values()) {
    buckets.sort((a, b) => a.le - b.le)
    buckets.forEach(({ le, byTime }, i) => {
      const low = i === 0 ? Math.min(0, le) : buckets[i - 1]!.le
      if (Number.isFinite(le)) bounds.add(le)
      for (const [time, increase] of byTime) {
        const count = increase - (i === 0 ? 0 : (buckets[i - 1]!.byTime.get(time) ?? 0))
        if (count <= 0) continue
        const key = `${time} ${le}`
        const cell = cells.get(key)
        if (cell) cell.count += count
        else cells.set(key, { from: time - step, to: time, low, high: le, count })
      }
    })
  }
  const all = [...cells.values()]
  return {
    cells: all,
    bounds: [...bounds].sort((a, b) => a - b),
    most: all.reduce((most, { count }) => Math.max(most, count), 0),
  }
}

/** The bounds worth an axis: those around what was observed, one more on either side. A logarithm knows no zero. */
export function shownBounds(heat: Heat, values: readonly number[]): { low: number; high: number } | undefined {
  const bounds = heat.bounds.filter((bound) => bound > 0)
  if (bounds.length === 0) return undefined
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const see = (low: number, high: number) => {
    least = Math.min(least, low)
    most = Math.max(most, high)
  }
  for (const { low, high } of heat.cells) see(low, Number.isFinite(high) ? high : low)
  for (const value of values) see(value, value)
  if (most < least) return { low: bounds[0]!, high: bounds.at(-1)! }
  const below = bounds.filter((bound) => bound < least).at(-1)
  const high = bounds.find((bound) => bound >= most) ?? most * 2
  // What is below the first bound gets room by what was seen there.
  const seen = values.reduce((low, value) => Math.min(low, value * 0.6), bounds[0]! / 2)
  return { low: below ?? seen, high }
}
