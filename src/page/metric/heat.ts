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
      const value = values[i]!
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
      const low = i === 0 ? 0 : buckets[i - 1]!.le
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

/** The bounds worth an axis: those around what was observed, one more on either side. */
export function shownBounds(
  { cells, bounds }: Heat,
  values: readonly number[],
): { low: number; high: number } | undefined {
  if (bounds.length === 0) return undefined
  const lows = [...cells.map(({ low }) => low), ...values]
  const highs = [...cells.map(({ high, low }) => (Number.isFinite(high) ? high : low)), ...values]
  if (lows.length === 0) return { low: bounds[0]!, high: bounds.at(-1)! }
  const least = Math.min(...lows)
  const most = Math.max(...highs)
  const below = bounds.filter((bound) => bound < least).at(-1)
  const high = bounds.find((bound) => bound >= most) ?? most * 2
  // A logarithm knows no zero: what is below the first bound gets room by what was seen there.
  const seen = Math.min(bounds[0]! / 2, ...values.map((value) => value * 0.6))
  return { low: below ?? seen, high }
}
