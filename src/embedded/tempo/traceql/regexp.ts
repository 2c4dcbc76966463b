import { compileRe2 } from '../../series/re2.ts'

/** Past this many different texts an expression is no longer remembered by its results. */
const MEMO_LIMIT = 1000

/** Go's regexp.Compile: undefined when the pattern is valid, else what is wrong with it. */
export function regexpFault(pattern: string): string | undefined {
  try {
    compileRe2(pattern)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/**
 * A test for `pattern` as Tempo runs it: the whole text must match, `.` takes line ends too. It runs on RE2's
 * automata (re2js), so no pattern can take more than linear time; the pattern must be valid.
 */
export function compileRegexp(pattern: string): (text: string) => boolean {
  const simple = simpleMatcher(pattern)
  if (simple) return simple
  const compiled = compileRe2(`^(?s:${pattern})$`)
  const memo = new Map<string, boolean>()
  return (text) => {
    const known = memo.get(text)
    if (known !== undefined) return known
    const result = compiled.matches(text)
    if (memo.size < MEMO_LIMIT) memo.set(text, result)
    return result
  }
}

const LITERAL = '[\\w \\-:/@#,;<>=&%!"\'~]*'
const SHAPES: [RegExp, (part: string) => (text: string) => boolean][] = [
  [new RegExp(`^(${LITERAL})$`), (part) => (text) => text === part],
  [new RegExp(`^(${LITERAL})\\.\\*$`), (part) => (text) => text.startsWith(part)],
  [new RegExp(`^\\.\\*(${LITERAL})$`), (part) => (text) => text.endsWith(part)],
  [new RegExp(`^\\.\\*(${LITERAL})\\.\\*$`), (part) => (text) => text.includes(part)],
]

/** The shapes that people mostly type need no automaton. */
function simpleMatcher(pattern: string): ((text: string) => boolean) | undefined {
  for (const [shape, make] of SHAPES) {
    const found = shape.exec(pattern)
    if (found) return make(found[1]!)
  }
  if (pattern.includes('|') && new RegExp(`^${LITERAL}(\\|${LITERAL})+$`).test(pattern)) {
    const words = new Set(pattern.split('|'))
    return (text) => words.has(text)
  }
  return undefined
}
