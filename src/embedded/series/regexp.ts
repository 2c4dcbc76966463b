import type { RE2JS } from 're2js'
import { compileRe2 } from './re2.ts'

/** Past this many different texts an expression is no longer remembered by its results. */
const MEMO_LIMIT = 4000

/** A pattern longer than this, unless it is a list of words, is more program than a query is worth. */
const MAX_LENGTH = 8 * 1024
/** Steps of the automaton that one expression may take in all: some seconds at worst. */
const MAX_WORK = 100_000_000

/** An expression that met too many and too long texts. */
export class RegexpTooSlow extends Error {
  constructor(pattern: string) {
    super(`regular expression takes too long on so many values: ${JSON.stringify(pattern.slice(0, 100))}`)
    this.name = 'RegexpTooSlow'
  }
}

/** A Go expression that must match a whole text, as labels are matched: `.` takes line ends too. */
export interface AnchoredRegexp {
  /** Throws RegexpTooSlow. */
  matches(text: string): boolean
  /** The texts that pass, where they can be listed: an index can be asked for them. */
  words: readonly string[] | undefined
}

/**
 * Runs on RE2's automata (re2js), so that no pattern takes more than linear time.
 * Throws Error with Go's words on a pattern that is not valid.
 */
export function anchoredRegexp(pattern: string): AnchoredRegexp {
  const words = literalWords(pattern)
  if (words !== undefined) {
    const set = new Set(words)
    return { matches: (text) => set.has(text), words }
  }
  const compiled = compileAnchored(pattern)
  const simple = simpleMatcher(pattern)
  if (simple !== undefined) return { matches: simple, words: undefined }
  const memo = new Map<string, boolean>()
  const count = countWork(compiled, pattern)
  const matches = (text: string) => {
    const known = memo.get(text)
    if (known !== undefined) return known
    count(text)
    const result = compiled.matches(text)
    if (memo.size < MEMO_LIMIT) memo.set(text, result)
    return result
  }
  return { matches, words: undefined }
}

function compileAnchored(pattern: string): RE2JS {
  if (pattern.length > MAX_LENGTH) throw new Error('error parsing regexp: expression too large')
  // As given first, so that a fault is told in the pattern's own words.
  compileRe2(pattern)
  return compileRe2(`^(?s:${pattern})$`)
}

function countWork(compiled: RE2JS, pattern: string): (text: string) => void {
  const program = compiled.programSize()
  let work = 0
  return (text) => {
    work += program * (text.length + 1)
    if (work > MAX_WORK) throw new RegexpTooSlow(pattern)
  }
}

const LITERAL = '[\\w \\-:/@#,;<>=&%!"\'~]*'
const WORDS = new RegExp(`^${LITERAL}(\\|${LITERAL})*$`)

/** Of `a|b|c`: its branches. */
function literalWords(pattern: string): string[] | undefined {
  return WORDS.test(pattern) ? pattern.split('|') : undefined
}

const SHAPES: [RegExp, (part: string) => (text: string) => boolean][] = [
  [new RegExp(`^(${LITERAL})\\.\\*$`), (part) => (text) => text.startsWith(part)],
  [new RegExp(`^(${LITERAL})\\.\\+$`), (part) => (text) => text.length > part.length && text.startsWith(part)],
  [new RegExp(`^\\.\\*(${LITERAL})$`), (part) => (text) => text.endsWith(part)],
  [new RegExp(`^\\.\\+(${LITERAL})$`), (part) => (text) => text.length > part.length && text.endsWith(part)],
  [new RegExp(`^\\.\\*(${LITERAL})\\.\\*$`), (part) => (text) => text.includes(part)],
]

/** The shapes that people mostly type need no automaton. */
function simpleMatcher(pattern: string): ((text: string) => boolean) | undefined {
  for (const [shape, make] of SHAPES) {
    const found = shape.exec(pattern)
    if (found !== null) return make(found[1]!)
  }
  return undefined
}

/** A Go expression that replaces: the template's `$1` and `${name}` filled from the match, or undefined without one. */
export type Replacer = (text: string, template: string) => string | undefined

/** For texts that `pattern` matches as a whole. Throws Error with Go's words on a pattern that is not valid. */
export function anchoredReplacer(pattern: string): Replacer {
  const compiled = compileAnchored(pattern)
  const count = countWork(compiled, pattern)
  const names = compiled.namedGroups()
  return (text, template) => {
    count(text)
    const match = compiled.matcher(text)
    if (!match.matches()) return undefined
    return expandTemplate(template, (name) => {
      const index = /^\d+$/.test(name) ? Number(name) : names[name]
      return index === undefined || index > match.groupCount() ? '' : (match.group(index) ?? '')
    })
  }
}

/** Go's Regexp.Expand: `$1`, `${1}`, `$name` (the longest word), `$$`; what is no name stays as it is. */
function expandTemplate(template: string, group: (name: string) => string): string {
  return template.replaceAll(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole, bare?: string, braced?: string) =>
    whole === '$$' ? '$' : group((bare ?? braced)!),
  )
}
