import { RE2JS } from 're2js'

/** Past this many different texts an expression is no longer remembered by its results. */
const MEMO_LIMIT = 4000

/** A Go expression that must match a whole text, as labels are matched: `.` takes line ends too. */
export interface AnchoredRegexp {
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
  // Compiled as given first, so that a fault is told in the pattern's own words.
  RE2JS.compile(pattern)
  const simple = simpleMatcher(pattern)
  if (simple !== undefined) return { matches: simple, words: undefined }
  const compiled = RE2JS.compile(`^(?s:${pattern})$`)
  const memo = new Map<string, boolean>()
  const matches = (text: string) => {
    const known = memo.get(text)
    if (known !== undefined) return known
    const result = compiled.matches(text)
    if (memo.size < MEMO_LIMIT) memo.set(text, result)
    return result
  }
  return { matches, words: undefined }
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
  const compiled = RE2JS.compile(`^(?s:${pattern})$`)
  const names = compiled.namedGroups()
  return (text, template) => {
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
