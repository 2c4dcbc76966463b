import { type Pattern, parsePattern } from './pattern.ts'
import { wordsOf } from './words.ts'

/** Fewer words are said of other things too. */
const LEAST_WORDS = 4

/**
 * Telemetry's own words as ways of saying it: its clauses, word for word. For a kind that no vocabulary has, two
 * neighbours of its telling words are enough.
 */
export function messagePatterns(message: string, known = true): Pattern[] {
  const clauses = clausesOf(message)
  const whole = clauses.filter(({ length }) => length >= LEAST_WORDS).map(literally)
  if (known) return whole
  const pairs = clauses.flatMap((clause) => {
    const telling = clause.filter((text) => /^[a-z]{4,}$/.test(text) && !COMMON.has(text))
    return telling.slice(1).map((text, i) => parsePattern(`${telling[i]} & ${text}`))
  })
  return [...whole, ...pairs]
}

const COMMON = new Set('that this with from have been were they their there which would could should'.split(' '))

const literally = (clause: string[]): Pattern => ({
  parts: [clause.map((text) => ({ ways: [{ text, prefix: false }], optional: false }))],
})

function clausesOf(message: string): string[][] {
  const clauses: string[][] = [[]]
  for (const { text } of wordsOf(message)) {
    if (text === '') clauses.push([])
    else clauses.at(-1)!.push(text)
  }
  return clauses
}
