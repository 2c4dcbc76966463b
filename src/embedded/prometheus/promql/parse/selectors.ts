import { anchoredRegexp } from '../../../series/regexp.ts'
import type { LabelMatcher, MatchOp, Span, VectorSelector } from '../ast.ts'
import { unquoteLiteral } from '../lex/strings.ts'
import type { Token } from '../lex/tokens.ts'
import type { Cursor } from './cursor.ts'

/** vector_selector : metric_identifier label_matchers | metric_identifier | label_matchers */
export function vectorSelector(cursor: Cursor, identifier?: Token): VectorSelector {
  const named = identifier ?? (cursor.at('{') ? undefined : cursor.take())
  const start = named?.start ?? cursor.token.start
  const matchers = cursor.at('{') ? labelMatchers(cursor) : []
  const name = named?.text ?? ''
  if (name !== '') matchers.push(labelMatcher('__name__', '=', name))
  return {
    kind: 'vector',
    name,
    matchers,
    offset: 0,
    offsetExpr: undefined,
    at: undefined,
    extended: undefined,
    mayBeEmpty: false,
    start,
    end: cursor.lastEnd,
  }
}

/** label_matchers : LEFT_BRACE label_match_list COMMA? RIGHT_BRACE | LEFT_BRACE RIGHT_BRACE */
function labelMatchers(cursor: Cursor): LabelMatcher[] {
  cursor.take()
  const matchers: LabelMatcher[] = []
  if (cursor.accept('}')) return matchers
  do {
    // After a comma the list may end.
    if (matchers.length > 0 && cursor.at('}')) break
    matchers.push(matcher(cursor))
  } while (cursor.accept(','))
  cursor.expect('}', 'label matching', '"," or "}"')
  return matchers
}

/** label_matcher : IDENTIFIER match_op STRING | string_identifier match_op STRING | string_identifier */
function matcher(cursor: Cursor): LabelMatcher {
  if (!cursor.at('identifier', 'string')) cursor.unexpected('label matching', 'identifier or "}"')
  const label = cursor.take()
  const quoted = label.type === 'string'
  const name = quoted ? unquoteLiteral(label.text) : label.text
  if (!cursor.at('=', '!=', '=~', '!~')) {
    if (quoted) return labelMatcher('__name__', '=', name)
    cursor.unexpected('label matching', 'label matching operator')
  }
  const op = cursor.take().type as MatchOp
  const value = cursor.expect('string', 'label matching', 'string')
  return build(cursor, name, op, unquoteLiteral(value.text), { start: label.start, end: value.end })
}

function build(cursor: Cursor, name: string, op: MatchOp, value: string, span: Span): LabelMatcher {
  try {
    return labelMatcher(name, op, value)
  } catch (error) {
    return cursor.fail((error as Error).message, span)
  }
}

/** Throws Error on a regular expression that is not valid. */
export function labelMatcher(name: string, op: MatchOp, value: string): LabelMatcher {
  if (op === '=') return { name, op, value, regexp: undefined, equals: value, matches: (text) => text === value }
  if (op === '!=') return { name, op, value, regexp: undefined, matches: (text) => text !== value }
  const regexp = anchoredRegexp(value)
  const wanted = op === '=~'
  return { name, op, value, regexp, matches: (text) => regexp.matches(text) === wanted }
}
