import { widthOf, wrapWords } from './width.ts'

/**
 * A command of several lines that the shell takes as one: broken between words, with a backslash. A quoted query that
 * is too long by itself is broken at a space, which every query language takes. What stands behind a wide gap is a
 * remark, and comes below.
 */
export function wrapCommand(text: string, width: number): string[] {
  if (widthOf(text) <= width) return [text]
  const [command = '', ...remarks] = text.split(/ {2,}(?=(?:[^']*'[^']*')*[^']*$)/)
  const lines = ['']
  for (const [i, word] of wordsOf(command).entries()) {
    const last = lines.at(-1)!
    const room = width - 2
    if (i === 0) lines[0] = word
    else if (widthOf(last) + 1 + widthOf(word) <= room) lines[lines.length - 1] = `${last} ${word}`
    else {
      lines[lines.length - 1] = `${last} \\`
      lines.push(...brokenWord(word, room - 2).map((part, at) => (at === 0 ? '  ' : '    ') + part))
    }
  }
  const below = remarks.flatMap((remark) => wrapWords(remark, width - 4)).map((line) => `    ${line}`)
  return [...lines, ...below]
}

/** Words as a shell sees them, quotes and all. */
const wordsOf = (command: string): string[] => command.match(/(?:'[^']*'|"(?:\\.|[^"])*"|[^\s'"]|['"])+/g) ?? []

/** Only what stands in single quotes and outside of double ones can be broken. */
function brokenWord(word: string, width: number): string[] {
  if (widthOf(word) <= width || !word.includes("'")) return [word]
  const lines = ['']
  for (const part of word.match(/(?:"(?:\\.|[^"])*"|[^\s"]|")+/g) ?? []) {
    const last = lines.at(-1)!
    if (last === '') lines[lines.length - 1] = part
    else if (widthOf(last) + 1 + widthOf(part) <= width) lines[lines.length - 1] = `${last} ${part}`
    else lines.push(part)
  }
  return lines
}
