import { QueryError } from '../../../errors.ts'
import type { Aggregate, AggregateOp, Binary, BinaryOp, Call, Expr, LabelMatcher, Paren } from './ast.ts'
import { SIGNATURES } from './functions/signatures.ts'
import { unquoteLiteral } from './lex/strings.ts'
import { AGGREGATORS, METRIC_WORDS } from './lex/tokens.ts'
import { Cursor, type ParseOptions } from './parse/cursor.ts'
import { binaryModifiers, groupingLabels } from './parse/matching.ts'
import { numberLiteral } from './parse/numbers.ts'
import { postfix } from './parse/postfix.ts'
import { vectorSelector } from './parse/selectors.ts'
import { check } from './validate.ts'

/** More text than any person or dashboard writes. */
const MAX_LENGTH = 128 * 1024

/**
 * Reads a PromQL expression and checks its types. Throws QueryError with Prometheus's words and position.
 *
 * Recursive descent, with precedence climbing for operators; the productions are those of
 * promql/parser/generated_parser.y. Where that grammar has an `error` production, the cursor is told what to say.
 */
export function parseExpr(query: string, options: ParseOptions = { experimental: false }): Expr {
  const cursor = open(query, options)
  if (cursor.at('end')) throw new QueryError('parse error: no expression found in input', query, 0)
  const parsed = expr(cursor, 0)
  if (!cursor.at('end')) cursor.unexpected()
  check(parsed, query)
  return parsed
}

/** Reads one series selector without modifiers, as `match[]` takes it. Throws QueryError. */
export function parseSelector(text: string): LabelMatcher[] {
  const cursor = open(text, { experimental: false })
  if (!cursor.at('{', ...METRIC_WORDS)) cursor.unexpected()
  const { matchers } = vectorSelector(cursor)
  if (!cursor.at('end')) cursor.unexpected()
  return matchers
}

function open(query: string, options: ParseOptions): Cursor {
  if (query.length > MAX_LENGTH) {
    const why = `parse error: expression of ${query.length} characters is longer than ${MAX_LENGTH}`
    throw new QueryError(why, query.slice(0, 100), 0)
  }
  return new Cursor(query, options)
}

const PRECEDENCE: Record<string, number> = {
  or: 1,
  and: 2,
  unless: 2,
  '==': 3,
  '!=': 3,
  '<': 3,
  '<=': 3,
  '>': 3,
  '>=': 3,
  '</': 3,
  '>/': 3,
  '+': 4,
  '-': 4,
  '*': 5,
  '/': 5,
  '%': 5,
  atan2: 5,
  '^': 6,
}
const MULTIPLICATION = 5

/** expr : expr OP bin_modifier expr | unary_op expr | ... ; only operators that bind tighter than `above`. */
function expr(cursor: Cursor, above: number): Expr {
  return cursor.deeper(() => {
    let left = postfix(cursor, operand(cursor))
    // A chain leans to the left, so that each link lies one level deeper than the next.
    let links = 0
    for (;;) {
      const precedence = PRECEDENCE[cursor.token.type] ?? 0
      if (precedence <= above) break
      if (++links > 500) cursor.fail('expression is a chain of more than 500 operators', cursor.token)
      left = binary(cursor, left, precedence)
    }
    return left
  })
}

/** expr OP bin_modifier expr ; `^` binds to the right, all else to the left. */
function binary(cursor: Cursor, left: Expr, precedence: number): Binary {
  const op = cursor.take()
  const { bool, matching } = binaryModifiers(cursor)
  const right = expr(cursor, op.type === '^' ? precedence - 1 : precedence)
  const span = { start: left.start, end: right.end }
  if (!cursor.options.experimental && (matching.fillLeft !== undefined || matching.fillRight !== undefined)) {
    cursor.fail('binop fill modifiers are experimental and not enabled', span)
  }
  return { kind: 'binary', ...span, op: op.type as BinaryOp, opStart: op.start, left, right, bool, matching }
}

/** Anything that an operator or a modifier may follow. */
function operand(cursor: Cursor): Expr {
  const { token } = cursor
  switch (token.type) {
    case 'number':
    case 'duration':
      return numberLiteral(cursor)
    case 'string':
      cursor.take()
      return { kind: 'string', value: unquoteLiteral(token.text), start: token.start, end: token.end }
    case '(':
      return paren(cursor)
    case '+':
    case '-':
      return unary(cursor)
    case '{':
      return vectorSelector(cursor)
  }
  if (!METRIC_WORDS.has(token.type)) cursor.unexpected()
  const word = cursor.take()
  if (AGGREGATORS.has(word.type) && cursor.at('(', 'by', 'without')) return aggregate(cursor, word)
  const callable = ['identifier', 'start', 'end()', 'step', 'range', 'max_of', 'min_of'].includes(word.type)
  if (callable && cursor.at('(')) return call(cursor, word)
  return vectorSelector(cursor, word)
}

/** paren_expr : LEFT_PAREN expr RIGHT_PAREN */
function paren(cursor: Cursor): Paren {
  const { start } = cursor.take()
  const inner = expr(cursor, 0)
  cursor.expect(')')
  return { kind: 'paren', expr: inner, start, end: cursor.lastEnd }
}

/** unary_expr : unary_op expr %prec MUL ; a sign before a number is part of it. */
function unary(cursor: Cursor): Expr {
  const sign = cursor.take()
  const inner = expr(cursor, MULTIPLICATION)
  if (inner.kind === 'number') {
    return { ...inner, value: sign.type === '-' ? -inner.value : inner.value, start: sign.start }
  }
  return { kind: 'unary', op: sign.type as '+' | '-', expr: inner, start: sign.start, end: inner.end }
}

/** function_call : IDENTIFIER function_call_body */
function call(cursor: Cursor, name: { text: string; start: number; end: number }): Call {
  const args = callBody(cursor)
  const signature = SIGNATURES.get(name.text)
  if (signature === undefined) cursor.fail(`unknown function with name "${name.text}"`, name)
  if (signature.experimental && !cursor.options.experimental) {
    cursor.fail(`function "${name.text}" is not enabled`, name)
  }
  return { kind: 'call', name: name.text, args, start: name.start, end: cursor.lastEnd }
}

/** Tokens with which an expression can begin. */
const EXPR_STARTS = new Set(['number', 'duration', 'string', '(', '+', '-', '{', ...METRIC_WORDS])

/** function_call_body : LEFT_PAREN function_call_args RIGHT_PAREN | LEFT_PAREN RIGHT_PAREN */
function callBody(cursor: Cursor): Expr[] {
  cursor.expect('(')
  const args: Expr[] = []
  if (cursor.accept(')')) return args
  for (;;) {
    args.push(expr(cursor, 0))
    const comma = cursor.accept(',')
    if (comma === undefined) break
    if (!EXPR_STARTS.has(cursor.token.type)) cursor.fail('trailing commas not allowed in function call args', comma)
  }
  cursor.expect(')')
  return args
}

/** aggregate_expr : aggregate_op aggregate_modifier function_call_body | aggregate_op function_call_body aggregate_modifier? */
function aggregate(cursor: Cursor, op: { type: string; start: number }): Aggregate {
  return cursor.within('aggregation', '', () => {
    let modifier = aggregateModifier(cursor)
    const args = callBody(cursor)
    let { lastEnd: end } = cursor
    if (modifier === undefined) {
      modifier = aggregateModifier(cursor)
      end = cursor.lastEnd
    }
    const span = { start: op.start, end }
    const name = op.type as AggregateOp
    const takesParam = /^(topk|bottomk|count_values|quantile|limitk|limit_ratio)$/.test(name)
    if (args.length === 0) cursor.fail('no arguments for aggregate expression provided', span)
    if (name.startsWith('limit') && !cursor.options.experimental) {
      const flag = '--enable-feature=promql-experimental-functions'
      cursor.fail(`${name}() is experimental and must be enabled with ${flag}`, span)
    }
    const wanted = takesParam ? 2 : 1
    if (args.length !== wanted) {
      const got = `expected ${wanted}, got ${args.length}`
      cursor.fail(`wrong number of arguments for aggregate expression provided, ${got}`, span)
    }
    const { without, grouping } = modifier ?? { without: false, grouping: [] }
    const param = takesParam ? args[0] : undefined
    return { kind: 'aggregate', op: name, param, expr: args[wanted - 1]!, without, grouping, ...span }
  })
}

/** aggregate_modifier : BY grouping_labels | WITHOUT grouping_labels */
function aggregateModifier(cursor: Cursor): { without: boolean; grouping: string[] } | undefined {
  if (!cursor.at('by', 'without')) return undefined
  const without = cursor.take().type === 'without'
  return { without, grouping: groupingLabels(cursor) }
}
