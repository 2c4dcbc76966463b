import type { Span } from '../ast.ts'
import { quote } from '../go-text.ts'

/** Keywords and signs are their own type; `identifier` and the like hold what a user names. */
export type TokenType = string

export interface Token extends Span {
  type: TokenType
  text: string
}

const OPERATOR_WORDS = ['and', 'or', 'unless', 'atan2']
export const AGGREGATORS = new Set(
  'avg bottomk count count_values group limit_ratio limitk max min quantile stddev stdvar sum topk'.split(' '),
)
const MODIFIER_WORDS = new Set(
  'bool by group_left group_right fill fill_left fill_right ignoring offset smoothed anchored on without'.split(' '),
)
const PREPROCESSORS = ['start', 'end', 'step', 'range', 'max_of', 'min_of']

export const KEYWORDS = new Map<string, TokenType>([
  ...[...OPERATOR_WORDS, ...AGGREGATORS, ...MODIFIER_WORDS, ...PREPROCESSORS].map(
    (word) => [word, word === 'end' ? 'end()' : word] as const,
  ),
  ['inf', 'number'],
  ['nan', 'number'],
])

const OPERATORS = new Set([
  ...OPERATOR_WORDS,
  ...['+', '-', '*', '/', '%', '^', '==', '!=', '<', '<=', '>', '>=', '</', '>/', '=~', '!~', '@'],
])

/** Keywords that also name a metric where one is expected. */
export const METRIC_WORDS = new Set([
  ...[...KEYWORDS.values()].filter(
    (type) => !['number', 'atan2', 'bool', 'group_left', 'group_right', 'ignoring', 'on'].includes(type),
  ),
  'identifier',
  'metric identifier',
])

/** Keywords that also name a label in `by (...)`. */
export const LABEL_WORDS = new Set([
  ...[...KEYWORDS.values()].filter((type) => type !== 'number' && type !== 'without'),
  'identifier',
  'metric identifier',
])

/** As messages name it: `<by>`, `<op:+>`, `identifier "foo"`. */
export function describe(token: Token): string {
  const { type, text } = token
  if (type === 'end') return 'end of input'
  const quoted = text.length > 10 ? `${quote([...text].slice(0, 10).join(''))}...` : quote(text)
  if (type === 'identifier' || type === 'metric identifier') return `${type} ${quote(text)}`
  if (type === 'string' || type === 'number' || type === 'duration') return `${type} ${quoted}`
  if (MODIFIER_WORDS.has(type)) return `<${text}>`
  if (OPERATORS.has(type)) return `<op:${text}>`
  if (AGGREGATORS.has(type)) return `<aggr:${text}>`
  return quoted
}
