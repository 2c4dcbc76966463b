import { emphasised } from './emphasis.ts'
import type { Paint } from './paint.ts'
import { clip, pad, widthOf } from './width.ts'
import { wrapProse } from './wrap.ts'

export type LineStyle = 'plain' | 'strong' | 'dim' | 'command' | 'good' | 'bad' | 'slow'

export interface FrameLine {
  text: string
  style?: LineStyle
  /** Markdown, whose emphasis is shown as the terminal has it. */
  prose?: true
}

/** What a full screen of the loop shows. Widths, colours and what fits are decided when it is drawn. */
export interface Frame {
  title: string
  /** At the right of the title. */
  place: string
  /** The main part; scrolled by `scroll` lines. */
  body: readonly FrameLine[]
  scroll: number
  checks: readonly { mark: string; style: LineStyle; title: string; note: string }[]
  /** Below the checks, a line each. */
  notes: readonly FrameLine[]
  /** A line that is being typed. */
  input?: { label: string; text: string }
  keys: readonly { key: string; label: string }[]
  /** Shown in place of the keys while they are not taken. */
  busy?: string
}

interface Space {
  columns: number
  rows: number
  paint: Paint
}

/** Exactly `rows` lines, none wider than `columns`; and how far the body can be scrolled. */
export function renderFrame(frame: Frame, space: Space): { lines: string[]; farthest: number } {
  const { columns, rows, paint: p } = space
  const rule = p.dim('─'.repeat(columns))
  const head = [...titleLines(frame, space), rule]
  const foot = [...checkLines(frame, space), ...noteLines(frame, space), ...lastLines(frame, space)]
  const room = Math.max(0, rows - head.length - foot.length - 1)
  const body = frame.body.flatMap((line) => styled(line, columns - 1, p)).map((line) => ` ${line}`)
  const farthest = Math.max(0, body.length - room)
  const from = Math.min(frame.scroll, farthest)
  const visible = body.slice(from, from + room)
  const below = body.length - from - visible.length
  const more = below > 0 ? ` ${below} more line${below === 1 ? '' : 's'} below: space ` : from > 0 ? ' up: b ' : ''
  const parting = more === '' ? rule : p.dim(`─${more}${'─'.repeat(Math.max(0, columns - 1 - more.length))}`)
  const padding = Array.from({ length: room - visible.length }, () => '')
  const lines = [...head, ...visible, ...padding, parting, ...foot]
  return { lines: lines.slice(0, rows), farthest }
}

function titleLines({ title, place }: Frame, { columns, paint: p }: Space): string[] {
  const room = columns - widthOf(place) - 4
  const [first = '', ...rest] = wrapProse(title, Math.max(10, room)).split('\n')
  const gap = Math.max(1, columns - widthOf(first) - widthOf(place) - 2)
  return [`${p.bold(` ${first}`)}${' '.repeat(gap)}${p.dim(place)}`, ...rest.map((line) => p.bold(` ${line}`))]
}

function checkLines({ checks }: Frame, { columns, paint: p }: Space): string[] {
  return checks.flatMap(({ mark, style, title, note }) => {
    const lead = ` ${colour(style, p)(mark)} `
    const width = columns - 3
    if (widthOf(title) + widthOf(note) + 3 <= width)
      return [`${lead}${pad(title, width - widthOf(note) - 1)}${p.dim(note)}`.trimEnd()]
    const wrapped = wrapProse(title, width - 1).split('\n')
    const below = note === '' ? [] : wrapProse(note, width - 3).split('\n')
    return [
      ...wrapped.map((line, i) => (i === 0 ? lead + line : `   ${line}`)),
      ...below.map((line) => `     ${p.dim(line)}`),
    ]
  })
}

function noteLines({ notes }: Frame, { columns, paint: p }: Space): string[] {
  return notes.flatMap((note) => styled(note, columns - 1, p)).map((line) => ` ${line}`)
}

function lastLines({ input, keys, busy }: Frame, { columns, paint: p }: Space): string[] {
  if (input !== undefined) {
    const label = clip(input.label, columns - 12)
    // The end is what is being typed.
    const room = columns - widthOf(label) - 4
    const typed = widthOf(input.text) > room ? `…${input.text.slice(-(room - 1))}` : input.text
    const help = clip(' Enter gives it, Esc leaves it open', columns)
    return [` ${p.bold(label)} ${typed}${p.inverse(' ')}`, p.dim(help)]
  }
  if (busy !== undefined) return [p.dim(clip(` … ${busy}`, columns))]
  const lines: string[] = []
  let line = ''
  let width = 0
  for (const { key, label } of keys) {
    const cells = widthOf(key) + widthOf(label) + 3
    if (width > 0 && width + cells > columns) {
      lines.push(line)
      line = ''
      width = 0
    }
    line += `${width === 0 ? ' ' : '  '}${p.bold(key)} ${label}`
    width += cells
  }
  return line === '' ? lines : [...lines, line]
}

function styled({ text, style = 'plain', prose }: FrameLine, width: number, p: Paint): string[] {
  return wrapProse(prose ? emphasised(text, p) : text, width)
    .split('\n')
    .flatMap((line) => (widthOf(line) <= width ? [line] : chop(line, width)))
    .map((line) => (style === 'plain' ? line : colour(style, p)(line)))
}

/** A line to copy is wider than the screen: it goes on below, where every letter of it can be read. */
function chop(line: string, width: number): string[] {
  const out: string[] = []
  let rest = line
  while (widthOf(rest) > width) {
    const at = rest.lastIndexOf(' ', width - 1)
    const cut = at > width / 2 ? at + 1 : width
    out.push(rest.slice(0, cut).trimEnd())
    rest = `  ${rest.slice(cut)}`
  }
  return [...out, rest]
}

function colour(style: LineStyle, p: Paint): (text: string) => string {
  const colours = {
    plain: (text: string) => text,
    strong: p.bold,
    dim: p.dim,
    command: p.cyan,
    good: p.green,
    bad: p.red,
    slow: p.yellow,
  }
  return colours[style]
}
