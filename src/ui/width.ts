import { stripVTControlCharacters } from 'node:util'

/** Cells that `text` takes on a terminal, colour codes aside. Wide East Asian letters take two. */
export function widthOf(text: string): number {
  let width = 0
  for (const char of stripVTControlCharacters(text)) {
    if (/\p{Mark}/u.test(char)) continue
    width += WIDE.test(char) ? 2 : 1
  }
  return width
}

const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}＀-｠]/u

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

/** Columns of the terminal that stdout is, else 100. */
export function terminalWidth(): number {
  return Math.max(40, process.stdout.columns ?? 100)
}
