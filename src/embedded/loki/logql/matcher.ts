import { quote } from './go/quote.ts'
import { compileAnchored } from './regexp.ts'
import type { Matcher, MatchOperator } from './source.ts'

/** Throws Error when a regular expression is not valid. */
export function createMatcher(name: string, operator: MatchOperator, value: string): Matcher {
  return { name, operator, value, matches: test(operator, value) }
}

function test(operator: MatchOperator, value: string): (text: string) => boolean {
  if (operator === '=') return (text) => text === value
  if (operator === '!=') return (text) => text !== value
  const matches = compileAnchored(value)
  return operator === '=~' ? matches : (text) => !matches(text)
}

export function printMatcher({ name, operator, value }: Matcher): string {
  return `${name}${operator}${quote(value)}`
}
