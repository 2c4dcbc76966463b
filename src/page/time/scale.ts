/** A stretch of time, in milliseconds since the epoch. */
export interface Range {
  start: number
  end: number
}

export const sameRange = (a: Range, b: Range): boolean => a.start === b.start && a.end === b.end

/** 0 at the left edge, 1 at the right one; beyond them outside. */
export const place = (range: Range, time: number): number => (time - range.start) / (range.end - range.start || 1)

export const percent = (range: Range, time: number): string => `${(place(range, time) * 100).toFixed(4)}%`

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5]

/** Round moments, at most `most` of them. `origin` is where counting begins, such as a trace's start. */
export function ticks(range: Range, most: number, origin = 0): { time: number; step: number }[] {
  const span = range.end - range.start
  if (!(span > 0)) return []
  const rough = span / Math.max(1, most)
  const small = 10 ** Math.floor(Math.log10(rough))
  const step =
    rough < 1
      ? ([1, 2, 5, 10].map((n) => n * small).find((n) => n >= rough) ?? small * 10)
      : (STEPS.find((n) => n >= rough) ?? Math.ceil(rough / 36e5) * 36e5)
  const first = Math.ceil((range.start - origin) / step) * step + origin
  const found = []
  for (let time = first; time <= range.end && found.length < 50; time += step) found.push({ time, step })
  return found
}
