/**
 * What a learner wrote, read as a value; or why it cannot be, with what to write instead. A reader never guesses:
 * what could be two values is `ambiguous` and asked for, and an answer that is not read costs nothing.
 */
export type Read<T> = { ok: true; value: T } | Unreadable

export interface Unreadable {
  ok: false
  /** Which way of being unreadable, for hints and scripts. */
  case: string
  /** What is wrong with it, as a sentence without its subject: `has no unit`. */
  why: string
  /** How to write it so that it can be read. */
  instead?: string
}

export const read = <T>(value: T): Read<T> => ({ ok: true, value })

export const unreadable = (name: string, why: string, instead?: string): Unreadable => ({
  ok: false,
  case: name,
  why,
  ...(instead === undefined ? {} : { instead }),
})

/** Longer than any answer of this kind; also what keeps the patterns fast. */
const MAX_LENGTH = 200

/** One width of letters, one kind of space, of minus, of apostrophe and of micro; without quotes around it. */
export function plain(text: string): string {
  return text
    .slice(0, MAX_LENGTH + 1)
    .replaceAll(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replaceAll(/[\s\u00a0\u2007\u2009\u202f\u3000]+/g, ' ')
    .replaceAll(/[\u2212\u2013\u2014]/g, '-')
    .replaceAll(/[\u2019\u02bc`]/g, "'")
    .replaceAll('\u00b5', '\u03bc')
    .trim()
    .replace(/^\(([^()]*)\)$|^\[([^[\]]*)\]$/, '$1$2')
    .trim()
    .replace(/^(["'])(.*)\1$/, '$2')
    .replace(/^\u201c(.*)\u201d$/, '$1')
    .trim()
}

/** What is wrong with any kind of text before it is looked into. */
export function unfit(text: string): Unreadable | undefined {
  const given = plain(text)
  if (given === '') return unreadable('empty', 'is empty')
  if (given.length > MAX_LENGTH) return unreadable('too-long', `is longer than ${MAX_LENGTH} characters`)
  return undefined
}
