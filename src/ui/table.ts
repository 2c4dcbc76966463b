import { type Paint, paint } from './paint.ts'
import { outputWidth, pad, widthOf, wrapWords } from './width.ts'

export type Column = string | { title: string; align?: 'left' | 'right' }

const GAP = 2
/** A column of prose that gets less than this is not worth reading. */
const LEAST_PROSE = 14
/** Lines of a wrapped cell; what needs more is easier to read as lines of its own. */
const TALLEST = 4

interface TableOptions {
  paint?: Paint
  indent?: number
  /** Columns of the terminal; else those that stdout has; none in a pipe. */
  width?: number
}

/**
 * A table without rules. Cells may hold colour codes and several lines; missing cells are empty; a no-break space keeps
 * two words together. What is wider than the terminal has its prose wrapped inside the cells; where that is not enough,
 * each row becomes a few lines of its own. No newline at the end.
 */
export function renderTable(columns: readonly Column[], rows: Rows, options: TableOptions = {}): string {
  const { head, body } = tableParts(columns, rows, options)
  return [...head, ...body].join('\n')
}

type Rows = readonly (readonly (string | undefined)[])[]

/** The same in parts, for who puts something below a row: the titles (none where rows are folded), then text for each row. */
export function tableParts(
  columns: readonly Column[],
  rows: Rows,
  options: TableOptions = {},
): { head: string[]; body: string[] } {
  const p = options.paint ?? paint()
  const margin = ' '.repeat(options.indent ?? 0)
  const room = (options.width ?? outputWidth()) - margin.length
  const heads = columns.map((column) => (typeof column === 'string' ? { title: column } : column))
  const cells = rows.map((row) => heads.map((_, i) => row[i] ?? ''))
  const widths = columnWidths(heads, cells, room)
  const wrapped = widths && cells.map((row) => wrapCells(row, widths))
  const asTable = wrapped?.every((row) => row.every((cell) => cell.length <= TALLEST)) === true
  const finish = (lines: string[]) =>
    lines.map((line) => (margin + line).trimEnd().replaceAll('\u00a0', ' ')).join('\n')
  if (!asTable) return { head: [], body: cells.map((row) => finish(asRecord(heads, row, room, p))) }
  const line = (row: string[]) => row.map((cell, i) => pad(cell, widths![i]!, heads[i]!.align)).join(' '.repeat(GAP))
  const titles = heads.some(({ title }) => title !== '') ? [line(heads.map(({ title }) => p.dim(title)))] : []
  const body = wrapped.map((row) => {
    const height = Math.max(1, ...row.map((cell) => cell.length))
    return finish(Array.from({ length: height }, (_, i) => line(row.map((cell) => cell[i] ?? ''))))
  })
  return { head: titles.map((title) => finish([title])), body }
}

type Head = Exclude<Column, string>

/** Column widths that fill at most `room`; undefined when even wrapped cells do not fit. */
function columnWidths(heads: readonly Head[], rows: readonly string[][], room: number): number[] | undefined {
  const sum = (all: number[]) => all.reduce((total, one) => total + one, 0) + GAP * (all.length - 1)
  const widest = (texts: string[]) => Math.max(0, ...texts.map(widthOf))
  const widths = heads.map(({ title }, i) => widest([title, ...rows.flatMap((row) => row[i]!.split('\n'))]))
  const least = heads.map(({ title }, i) => {
    const word = widest([title, ...rows.flatMap((row) => row[i]!.split(/[ \n]+/))])
    return Math.min(widths[i]!, Math.max(word, LEAST_PROSE))
  })
  if (sum(least) > room) return sum(widths) <= room ? widths : undefined
  while (sum(widths) > room) {
    // The widest that still can gives first.
    const i = widths.reduce(
      (best, width, at) => (width > least[at]! && (best < 0 || width > widths[best]!) ? at : best),
      -1,
    )
    widths[i]!--
  }
  return widths
}

const wrapCells = (row: readonly string[], widths: readonly number[]) =>
  row.map((cell, i) => cell.split('\n').flatMap((part) => wrapWords(part, widths[i]!)))

/** What names the row, then its other cells behind their titles, as many on a line as fit. */
function asRecord(heads: readonly Head[], row: readonly string[], room: number, p: Paint): string[] {
  const gap = ' '.repeat(GAP)
  const filled = row.flatMap((cell, i) => (cell === '' ? [] : [{ cell, title: heads[i]!.title }]))
  const together = filled
    .slice(0, 2)
    .map(({ cell }) => cell)
    .join(gap)
  // A number by itself says nothing; it keeps its title.
  const lone = together.includes('\n') || widthOf(together) > room || /^[\d.]+$/.test(filled[1]?.cell ?? '')
  const named = filled.splice(0, lone ? 1 : 2)
  const out = named
    .map(({ cell }) => cell)
    .join(gap)
    .split('\n')
  let open: string | undefined
  for (const { cell, title } of filled) {
    const field = title === '' ? cell : `${p.dim(title)} ${cell}`
    const longer = open === undefined ? undefined : open + gap + field
    if (longer !== undefined && !cell.includes('\n') && widthOf(longer) <= room) {
      out[out.length - 1] = open = longer
      continue
    }
    const hang = gap + ' '.repeat(title === '' ? 0 : widthOf(title) + 1)
    const lines = field.split('\n').flatMap((part) => wrapWords(part, room - hang.length))
    out.push(...lines.map((text, i) => (i === 0 ? gap : hang) + text))
    open = lines.length === 1 ? gap + lines[0] : undefined
  }
  return out
}
