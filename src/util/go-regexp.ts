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

export interface GoPattern {
  test(text: string): boolean
  /** regexp's ReplaceAllString: `$1`, `${name}` and `$$` in the template; `each` may change what takes a match's place. */
  replaceAll(text: string, template: string, each?: (replacement: string) => string): string
  /** Where each match starts and ends. */
  spans(text: string): [start: number, end: number][]
}

/** A pattern that is also replaced by. Throws Error with Go's words on one that is not valid. */
export function goPattern(pattern: string): GoPattern {
  const { compiled, nameOf } = compile(pattern)
  const groups = new Map(Object.entries(compiled.namedGroups()).map(([name, index]) => [nameOf(name), index]))
  return {
    test: (text) => compiled.matcher(text).find(),
    spans(text) {
      const matcher = compiled.matcher(text)
      const found: [number, number][] = []
      while (matcher.find()) found.push([matcher.start(), matcher.end()])
      return found
    },
    replaceAll(text, template, each = (same) => same) {
      const matcher = compiled.matcher(text)
      let [out, last] = ['', -1]
      let from = 0
      while (matcher.find()) {
        const [start, end] = [matcher.start(), matcher.end()]
        // An empty match right behind another is none.
        if (start === end && start === last) continue
        const group = (name: string) => {
          const index = /^\d+$/.test(name) ? Number(name) : groups.get(name)
          return index === undefined || index > compiled.groupCount() ? '' : (matcher.group(index) ?? '')
        }
        out += text.slice(from, start) + each(expand(template, group))
        from = end
        last = end
      }
      return out + text.slice(from)
    },
  }
}

/** regexp.Expand. A dollar before anything else stands for itself. */
function expand(template: string, group: (name: string) => string): string {
  return template.replace(/\$(?:(\$)|\{(\w+)\}|(\w+))/g, (_, dollar, braced, bare) =>
    dollar === undefined ? group(braced ?? bare) : '$',
  )
}
