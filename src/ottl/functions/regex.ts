import { type GoPattern, goPattern } from '../../util/go-regexp.ts'
import type { Literals } from '../function.ts'

/** Patterns that are not written out vary with the data; so many are kept compiled. */
const MAX_PATTERNS = 256

/** A function's pattern: compiled once where it is written out, and else as it comes. Throws what the function says. */
export function patternOf(name: string, literals: Literals, at: number): (pattern: string) => GoPattern {
  const literal = literals[at]
  if (typeof literal === 'string') {
    try {
      const compiled = goPattern(literal)
      return () => compiled
    } catch (error) {
      const told = `the regex pattern supplied to ${name} '${JSON.stringify(literal)}' is not a valid pattern`
      throw new Error(`${told}: ${(error as Error).message}`)
    }
  }
  const known = new Map<string, GoPattern>()
  return (pattern) => {
    const compiled = known.get(pattern) ?? goPattern(pattern)
    if (known.size >= MAX_PATTERNS) known.clear()
    known.set(pattern, compiled)
    return compiled
  }
}
