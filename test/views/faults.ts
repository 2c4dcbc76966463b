import { widthOf } from '../../src/ui/width.ts'
import type { View } from './list.ts'

/** What is wrong with a view at a width: lines that the terminal would break, words that are cut. */
export function faultsOf({ args, asIs }: Pick<View, 'args' | 'asIs'>, text: string, width: number): string[] {
  if (asIs) return []
  let inDiff = false
  return text.split('\n').flatMap((line, i) => {
    // The lines of a diff are a file's.
    inDiff = line.startsWith('--- ') || (inDiff && /^[-+ @]/.test(line))
    if (inDiff) return []
    const at = `${args.join(' ')}:${i + 1}: ${line}`
    if (isTooLong(line, width)) return [`${widthOf(line)} columns: ${at}`]
    return isCut(line) ? [`a word is cut: ${at}`] : []
  })
}

/** One word may be longer than a terminal is wide; and what a program prints as JSON is not ours to break. */
function isTooLong(line: string, width: number): boolean {
  // The backslash behind a word of a command is no word.
  const words = line.replace(/ \\$/, '').trim().split(/\s+/)
  return widthOf(line) > width && words.length > 1 && !/^\s*[{[]/.test(line)
}

const isCut = (line: string) => /[\p{L}\p{N}]…(\s|$)/u.test(line)
