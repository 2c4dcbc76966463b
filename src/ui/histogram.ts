import { digits, humanDuration } from './numbers.ts'
import { type Paint, paint } from './paint.ts'
import { pad, widthOf } from './width.ts'

export interface HistogramOptions {
  /** `ms` prints people's durations; any other word is written after the number. */
  unit?: string
  width?: number
  /** Number of bars; by default by the number of values, at most 10. */
  bins?: number
  paint?: Paint
}

/** Steps of 1, 2 or 5 times a power of ten, so that the edges are numbers one can read. */
function niceStep(raw: number): number {
  const power = 10 ** Math.floor(Math.log10(raw))
  return ([1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999) ?? 10) * power
}

/** Horizontal bars, one a line, lowest values first. Edges are [from, to). Empty for no values. */
export function renderHistogram(values: readonly number[], options: HistogramOptions = {}): string {
  const finite = values.filter(Number.isFinite)
  if (finite.length === 0) return ''
  const p = options.paint ?? paint()
  const show = (value: number) =>
    options.unit === 'ms' ? humanDuration(value) : `${digits(value)}${options.unit ? ` ${options.unit}` : ''}`
  const low = Math.min(...finite)
  const high = Math.max(...finite)
  const wanted = options.bins ?? Math.min(10, Math.max(4, Math.ceil(Math.sqrt(finite.length))))
  const step = niceStep(high > low ? (high - low) / wanted : Math.abs(low) || 1)
  const first = Math.floor(low / step)
  const bins = new Array<number>(Math.floor(high / step) - first + 1).fill(0)
  for (const value of finite) bins[Math.min(bins.length - 1, Math.floor(value / step) - first)]! += 1
  const edge = (i: number) => show((first + i) * step)
  const labels = bins.map((_, i) => `${edge(i)} - ${edge(i + 1)}`)
  const labelWidth = Math.max(...labels.map(widthOf))
  const countWidth = String(Math.max(...bins)).length
  const room = Math.max(10, Math.min(options.width ?? 100, 120) - labelWidth - countWidth - 5)
  const scale = room / Math.max(...bins)
  return bins
    .map((count, i) => {
      const bar = count === 0 ? '' : '█'.repeat(Math.max(1, Math.round(count * scale)))
      return `${pad(labels[i]!, labelWidth, 'right')}  ${p.dim(pad(String(count), countWidth, 'right'))}  ${p.cyan(bar)}`.trimEnd()
    })
    .join('\n')
}
