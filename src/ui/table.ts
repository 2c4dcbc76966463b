import { type Paint, paint } from './paint.ts'
import { pad, widthOf } from './width.ts'

export type Column = string | { title: string; align?: 'left' | 'right' }

/** A table without rules. Cells may hold colour codes and several lines; missing cells are empty. No newline at the end. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly (string | undefined)[])[],
  options: { paint?: Paint; indent?: number } = {},
): string {
  const p = options.paint ?? paint()
  const heads = columns.map((column) => (typeof column === 'string' ? { title: column } : column))
  const lines = rows.map((row) => heads.map((_, i) => (row[i] ?? '').split('\n')))
  const widths = heads.map(({ title }, i) =>
    Math.max(widthOf(title), ...lines.map((row) => Math.max(...row[i]!.map(widthOf)))),
  )
  const line = (cells: string[]) =>
    (
      ' '.repeat(options.indent ?? 0) + cells.map((cell, i) => pad(cell, widths[i]!, heads[i]!.align)).join('  ')
    ).trimEnd()
  const out = heads.some(({ title }) => title !== '') ? [line(heads.map(({ title }) => p.dim(title)))] : []
  for (const row of lines) {
    const height = Math.max(1, ...row.map((cell) => cell.length))
    for (let i = 0; i < height; i++) out.push(line(row.map((cell) => cell[i] ?? '')))
  }
  return out.join('\n')
}
