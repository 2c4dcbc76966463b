import { humanDuration } from './numbers.ts'
import { type Paint, paint } from './paint.ts'
import { clip, pad, widthOf, wrapWords } from './width.ts'

export interface WaterfallSpan {
  id: string
  name: string
  /** Milliseconds on any common clock, fractions welcome. */
  start: number
  end: number
  /** Id of the parent; one that is not among the spans makes this a root, marked as such. */
  parent?: string
  error?: boolean
  /** Shown after the duration, such as an error's message. */
  note?: string
}

interface Row {
  span: WaterfallSpan
  label: string
}

/** The tree in order of start; a cycle or an unknown parent loses no span. */
function rowsOf(spans: readonly WaterfallSpan[]): Row[] {
  const ids = new Set(spans.map(({ id }) => id))
  const children = new Map<string | undefined, WaterfallSpan[]>()
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const parent =
      span.parent !== undefined && ids.has(span.parent) && span.parent !== span.id ? span.parent : undefined
    children.set(parent, [...(children.get(parent) ?? []), span])
  }
  const rows: Row[] = []
  const seen = new Set<string>()
  const walk = (span: WaterfallSpan, lead: string, own: string) => {
    if (seen.has(span.id)) return
    seen.add(span.id)
    const orphan = own === '' && span.parent !== undefined
    rows.push({ span, label: `${lead}${own}${orphan ? '┄ ' : ''}${span.name}` })
    const below = children.get(span.id) ?? []
    const deeper = lead + (own === '' ? '' : own === '└ ' ? '  ' : '│ ')
    below.forEach((child, i) => {
      walk(child, deeper, i === below.length - 1 ? '└ ' : '├ ')
    })
  }
  for (const root of children.get(undefined) ?? []) walk(root, '', '')
  for (const span of spans) walk(span, '', '')
  return rows
}

/** A trace as a tree with bars on one time axis. No newline at the end; empty for no spans. */
export function renderWaterfall(
  spans: readonly WaterfallSpan[],
  options: { width?: number; paint?: Paint } = {},
): string {
  if (spans.length === 0) return ''
  const p = options.paint ?? paint()
  const width = Math.max(50, options.width ?? 100)
  const rows = rowsOf(spans)
  const from = Math.min(...spans.map(({ start }) => start))
  const to = Math.max(...spans.map(({ end }) => end))
  const labels = Math.min(Math.max(...rows.map(({ label }) => widthOf(label))), Math.floor(width * 0.45))
  const times = 10
  const bars = width - labels - times - 4
  const scale = to > from ? bars / (to - from) : 0
  const total = humanDuration(to - from)
  const axis = `${pad('', labels)}  ${p.dim(`0${pad(total, bars - 1, 'right')}`)}`
  const lines = rows.map(({ span, label }) => {
    const left = Math.min(bars - 1, Math.floor((span.start - from) * scale))
    const cells = Math.max(1, Math.min(bars - left, Math.round((span.end - from) * scale) - left))
    // A span too short for a cell shows as a thin stroke rather than as something longer than it was.
    const bar = (span.end - span.start) * scale < 0.5 ? '▏' : '█'.repeat(cells)
    const colour = span.error ? p.red : p.cyan
    const space = ' '.repeat(bars - left - bar.length)
    const mark = span.error ? p.red(' ✗') : ''
    const note = span.note ? p.dim(` ${span.note}`) : ''
    const [first, ...below] = brokenLabel(label, labels)
    const name = pad(first!, labels)
    const took = pad(humanDuration(span.end - span.start), times, 'right')
    const row =
      `${span.error ? p.red(name) : name}  ${' '.repeat(left)}${colour(bar)}${space}${took}${mark}${note}`.trimEnd()
    return [row, ...below].join('\n')
  })
  return [axis, ...lines].join('\n')
}

/** A name of several words that is too long goes on below it; one long word is cut. */
function brokenLabel(label: string, width: number): string[] {
  if (widthOf(label) <= width) return [label]
  const margin = /^(?:[│├└ ] )*(?:\S )?/.exec(label)![0]
  const lines = wrapWords(label.slice(margin.length), width - widthOf(margin))
  const under = margin.replaceAll('├', '│').replaceAll('└', ' ').replace(/[^│ ]/g, ' ')
  return lines.map((line, i) => clip((i === 0 ? margin : under) + line, width))
}
