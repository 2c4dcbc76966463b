import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'

/** Cells that `text` takes on a terminal, colour codes aside. Wide East Asian letters take two. */
export const widthOf = (text: string): number => stringWidth(text)

export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)))
  return align === 'left' ? text + space : space + text
}

/** Cuts uncoloured text to `width` cells, ending in … when something is left out. */
export function clip(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let out = ''
  let used = 0
  for (const char of text) {
    const next = widthOf(char)
    if (used + next > width - 1) break
    out += char
    used += next
  }
  return `${out}…`
}

/** Columns of the terminal that stdout is, else what COLUMNS says; a pipe has no width. */
export function outputWidth(env: Record<string, string | undefined> = process.env): number {
  return Math.max(40, process.stdout.columns ?? (Number.parseInt(env.COLUMNS ?? '', 10) || Number.POSITIVE_INFINITY))
}

/** The width of a drawing, which needs one in a pipe too. */
export const terminalWidth = (): number => (Number.isFinite(outputWidth()) ? outputWidth() : 100)

/** Lines of at most `width` cells, broken between words; a word that is longer than that keeps its line to itself. */
export function wrapWords(text: string, width: number): string[] {
  return wrapAnsi(text, width, { trim: true }).split('\n')
}
