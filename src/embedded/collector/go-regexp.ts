import { RE2JS } from 're2js'

/** Past this many different texts an expression is no longer remembered by its results. */
const MEMO_LIMIT = 1000
/** What stands for itself in a pattern. */
const LITERAL = /^[\w \-:/@#,;<>=&%!"'~]*$/

/**
 * Go's MatchString: whether the pattern is found anywhere in a text. On RE2's automata (re2js), so that no pattern
 * takes more than linear time. Throws Error with Go's words on a pattern that is not valid.
 */
export function goMatcher(pattern: string): (text: string) => boolean {
  const compiled = RE2JS.compile(pattern)
  // `.*word.*`, which is what people mostly write, needs no automaton.
  const word = pattern.replace(/^(\.\*)+/, '').replace(/(\.\*)+$/, '')
  if (LITERAL.test(word)) return (text) => text.includes(word)
  const memo = new Map<string, boolean>()
  return (text) => {
    const known = memo.get(text)
    if (known !== undefined) return known
    const found = compiled.matcher(text).find()
    if (memo.size < MEMO_LIMIT) memo.set(text, found)
    return found
  }
}

/** The named groups of a pattern's first match; undefined without one. */
export function goGroups(pattern: string): (text: string) => Record<string, string> | undefined {
  const compiled = RE2JS.compile(pattern)
  const names = Object.entries(compiled.namedGroups())
  return (text) => {
    const match = compiled.matcher(text)
    if (!match.find()) return undefined
    return Object.fromEntries(names.map(([name, index]) => [name, match.group(index) ?? '']))
  }
}
