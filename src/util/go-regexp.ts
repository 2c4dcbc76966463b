import { RE2JS } from 're2js'

/** Past this many different texts an expression is no longer remembered by its results. */
const MEMO_LIMIT = 1000
/** What stands for itself in a pattern. */
const LITERAL = /^[\w \-:/@#,;<>=&%!"'~]*$/

/** Go lets two groups bear the same name; re2js does not. The later ones get one of their own, and give it back. */
function compile(pattern: string): { compiled: RE2JS; nameOf: (name: string) => string } {
  const seen = new Set<string>()
  let again = 0
  const renamed = pattern.replace(/\\.|\(\?P?<([A-Za-z_]\w*)>/gs, (whole, name: string | undefined) => {
    if (name === undefined || !seen.has(name)) {
      if (name !== undefined) seen.add(name)
      return whole
    }
    return `(?P<${name}__again${++again}>`
  })
  return { compiled: RE2JS.compile(renamed), nameOf: (name) => name.replace(/__again\d+$/, '') }
}

/**
 * Go's MatchString: whether the pattern is found anywhere in a text. On RE2's automata (re2js), so that no pattern
 * takes more than linear time. Throws Error with Go's words on a pattern that is not valid.
 */
export function goMatcher(pattern: string): (text: string) => boolean {
  const { compiled } = compile(pattern)
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
  const { compiled, nameOf } = compile(pattern)
  const names = Object.entries(compiled.namedGroups()).sort(([, a], [, b]) => a - b)
  return (text) => {
    const match = compiled.matcher(text)
    if (!match.find()) return undefined
    return Object.fromEntries(names.map(([name, index]) => [nameOf(name), match.group(index) ?? '']))
  }
}

/** How many groups a pattern has, and how many of them bear a name. */
export function groupCounts(pattern: string): { named: number; all: number } {
  const { compiled } = compile(pattern)
  return { named: Object.keys(compiled.namedGroups()).length, all: compiled.groupCount() }
}
