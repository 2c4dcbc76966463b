import type { Range } from '../time/scale.ts'

export interface Box {
  left: number
  top: number
  width: number
  height: number
}

/** Where a moment and a value are, in CSS pixels of the chart. */
export interface Plot {
  box: Box
  x(time: number): number
  y(value: number): number
  timeAt(x: number): number
  /** Values worth a line across and a label. */
  splits: number[]
  /** The lowest value that has a place. */
  least: number
}

export interface Scale {
  low: number
  high: number
  /** Powers of ten have one distance. */
  logarithmic: boolean
  /** Instead of round values. */
  splits?: readonly number[]
  /** Bytes are round in powers of two. */
  base: 2 | 10
}

const PADDING = { top: 6, bottom: 4 }
/** Pixels between two lines across, and between two labels that do not touch. */
const [ROOM, LABEL] = [34, 15]

export function plotOf(size: { width: number; height: number }, gutter: number, range: Range, scale: Scale): Plot {
  const box = {
    left: gutter,
    top: PADDING.top,
    width: Math.max(1, size.width - gutter),
    height: Math.max(1, size.height - PADDING.top - PADDING.bottom),
  }
  const to = (value: number) => (scale.logarithmic ? Math.log10(Math.max(value, scale.low)) : value)
  const [low, high] = [to(scale.low), to(scale.high)]
  const y = (value: number) => box.top + box.height * (1 - (to(value) - low) / (high - low || 1))
  const length = range.end - range.start || 1
  const wanted = scale.splits ?? roundValues(scale, box.height / ROOM)
  let last = Number.POSITIVE_INFINITY
  const splits = wanted.filter((value) => {
    const at = y(value)
    if (value < scale.low || value > scale.high || last - at < LABEL) return false
    last = at
    return true
  })
  return {
    box,
    splits,
    least: scale.low,
    x: (time) => box.left + (box.width * (time - range.start)) / length,
    y,
    timeAt: (x) => range.start + ((x - box.left) / box.width) * length,
  }
}

/** At most `most` of them: 1, 2 or 5 times a power of ten, or powers of two. */
function roundValues({ low, high, base }: Scale, most: number): number[] {
  const rough = (high - low) / Math.max(1, most)
  if (!(rough > 0)) return [low]
  const power = base ** Math.floor(Math.log(rough) / Math.log(base))
  const step = (base === 2 ? [1, 2] : [1, 2, 5, 10]).map((n) => n * power).find((n) => n >= rough * 0.999) ?? rough
  const first = Math.ceil(low / step - 1e-9)
  const count = Math.floor(high / step + 1e-9) - first + 1
  // Multiplied, not added up: floating point leaves dust behind.
  return Array.from({ length: Math.min(count, 100) }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}
