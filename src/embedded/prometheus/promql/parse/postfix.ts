import type { DurationNode, Expr, MatrixSelector, Modifiers, Subquery } from '../ast.ts'
import { toMs } from '../durations.ts'
import type { Cursor } from './cursor.ts'
import { offsetDuration, positiveDuration } from './durations.ts'
import { numberLiteral } from './numbers.ts'

/** What follows an operand, however tightly operators bind: `[...]`, `offset`, `@`, `anchored`, `smoothed`. */
export function postfix(cursor: Cursor, operand: Expr): Expr {
  let expr = operand
  for (;;) {
    if (cursor.at('[')) expr = brackets(cursor, expr)
    else if (cursor.at('offset')) expr = offset(cursor, expr)
    else if (cursor.at('@')) expr = at(cursor, expr)
    else if (cursor.at('anchored', 'smoothed')) expr = extended(cursor, expr)
    else return expr
  }
}

const fixed = (node: DurationNode) => (node.kind === 'number' ? toMs(node.value) : 0)
const calculated = (node: DurationNode | undefined) => (node?.kind === 'duration' ? node : undefined)

/** matrix_selector : expr [ positive_duration_expr ] ; subquery_expr : expr [ positive_duration_expr : positive_duration_expr? ] */
function brackets(cursor: Cursor, expr: Expr): Expr {
  const open = cursor.take()
  const durations = 'number, duration, step(), or range()'
  const range = cursor.within('subquery or range selector', durations, () => positiveDuration(cursor))
  const ranges = { range: fixed(range), rangeExpr: calculated(range) }
  if (cursor.accept(':')) {
    const step = cursor.at(']')
      ? undefined
      : cursor.within('subquery selector', `${durations.replace(', or', ',')}, or "]"`, () => positiveDuration(cursor))
    cursor.expect(']', 'subquery selector', '"]"')
    const subquery: Subquery = {
      kind: 'subquery',
      expr,
      ...ranges,
      step: step === undefined ? 0 : fixed(step),
      stepExpr: calculated(step),
      offset: 0,
      offsetExpr: undefined,
      at: undefined,
      start: expr.start,
      end: cursor.lastEnd,
    }
    return subquery
  }
  cursor.expect(']', 'subquery or range', '":" or "]"')
  const span = { start: open.start, end: cursor.lastEnd }
  if (expr.kind !== 'vector') return cursor.fail('ranges only allowed for vector selectors', span)
  if (expr.offset !== 0 || expr.offsetExpr !== undefined) cursor.fail('no offset modifiers allowed before range', span)
  if (expr.at !== undefined) cursor.fail('no @ modifiers allowed before range', span)
  const matrix: MatrixSelector = { kind: 'matrix', selector: expr, ...ranges, start: expr.start, end: cursor.lastEnd }
  return matrix
}

/** The node that carries an expression's modifiers. */
function modified(cursor: Cursor, expr: Expr, what: string): Modifiers {
  if (expr.kind === 'matrix') return expr.selector
  if (expr.kind === 'vector' || expr.kind === 'subquery') return expr
  const where = 'an instant vector selector or range vector selector or a subquery'
  return cursor.fail(`${what} modifier must be preceded by ${where}`, expr)
}

/** The tree is still ours alone while it is read, so modifiers are set in place. */
function offset(cursor: Cursor, expr: Expr): Expr {
  cursor.take()
  const by = cursor.within('offset', 'number, duration, step(), or range()', () => offsetDuration(cursor))
  const target = modified(cursor, expr, 'offset')
  if (target.offset !== 0 || target.offsetExpr !== undefined) cursor.fail('offset may not be set multiple times', expr)
  target.offset = fixed(by)
  target.offsetExpr = calculated(by)
  expr.end = cursor.lastEnd
  return expr
}

/** step_invariant_expr : expr AT signed_or_unsigned_number | expr AT (START | END) LEFT_PAREN RIGHT_PAREN */
function at(cursor: Cursor, expr: Expr): Expr {
  cursor.take()
  const when = cursor.within('@', 'timestamp', () => timestamp(cursor))
  if (typeof when === 'number' && !(Math.abs(when) < 2 ** 63)) {
    const printed = Number.isNaN(when) ? 'NaN' : when > 0 ? '+Inf' : '-Inf'
    const text = Number.isFinite(when) ? `${BigInt(Math.trunc(when))}.000000` : printed
    cursor.fail(`timestamp out of bounds for @ modifier: ${text}`, expr)
  }
  const target = modified(cursor, expr, '@')
  if (target.at !== undefined) cursor.fail('@ <timestamp> may not be set multiple times', expr)
  target.at = typeof when === 'number' ? { ms: Math.round(when * 1000) } : when
  expr.end = cursor.lastEnd
  return expr
}

function timestamp(cursor: Cursor): number | 'start' | 'end' {
  if (cursor.at('start', 'end()')) {
    const word = cursor.take().type
    cursor.expect('(')
    cursor.expect(')')
    return word === 'start' ? 'start' : 'end'
  }
  const sign = cursor.at('+', '-') ? cursor.take().type : '+'
  const { value } = numberLiteral(cursor)
  return sign === '-' ? -value : value
}

/** anchored_expr : expr ANCHORED ; smoothed_expr : expr SMOOTHED */
function extended(cursor: Cursor, expr: Expr): Expr {
  const word = cursor.take().type as 'anchored' | 'smoothed'
  if (!cursor.options.experimental) cursor.fail(`${word} modifier is experimental and not enabled`, expr)
  if (expr.kind === 'subquery') cursor.fail(`${word} modifier is not supported for subqueries`, expr)
  const selector = expr.kind === 'matrix' ? expr.selector : expr
  if (selector.kind !== 'vector') return cursor.fail(`${word} modifier not implemented`, expr)
  if (selector.extended !== undefined && selector.extended !== word) {
    cursor.fail('anchored and smoothed modifiers cannot be used together', expr)
  }
  selector.extended = word
  return expr
}
