import type { DurationNode, Span } from '../ast.ts'
import { MAX_SECONDS } from '../durations.ts'
import type { Cursor } from './cursor.ts'
import { numberLiteral } from './numbers.ts'

const PRECEDENCE: Record<string, number> = { '+': 1, '-': 1, '*': 2, '/': 2, '%': 2, '^': 3 }
const MULTIPLICATION = 2

type Calculated = Exclude<DurationNode, { kind: 'number' }>

/** positive_duration_expr : duration_expr ; for ranges and steps. */
export function positiveDuration(cursor: Cursor): DurationNode {
  const node = durationExpr(cursor, 0)
  if (node.kind === 'number' && !(node.value > 0)) cursor.fail('duration must be greater than 0', node)
  return node
}

/**
 * offset_duration_expr ; after `offset` an operator belongs to the expression around it, save inside parentheses:
 * `foo offset 5m ^ 2` squares foo.
 */
export function offsetDuration(cursor: Cursor): DurationNode {
  const sign = cursor.at('+', '-') ? cursor.take() : undefined
  if (cursor.at('number', 'duration')) return signed(cursor, sign, inRange(cursor, numberLiteral(cursor)))
  if (cursor.at('step', 'range', 'max_of', 'min_of')) return signed(cursor, sign, durationCall(cursor))
  if (sign !== undefined && cursor.at('(')) {
    cursor.take()
    const inner = durationExpr(cursor, 0)
    cursor.expect(')')
    return signed(cursor, sign, wrap(inner, inner))
  }
  if (sign === undefined && !cursor.at('(')) cursor.unexpected()
  const first =
    sign === undefined ? durationOperand(cursor) : signed(cursor, sign, durationExpr(cursor, MULTIPLICATION))
  return operators(cursor, first, 0)
}

/** duration_expr : duration_expr OP duration_expr | unary_op duration_expr | ... */
function durationExpr(cursor: Cursor, above: number): DurationNode {
  return cursor.deeper(() => operators(cursor, durationOperand(cursor), above))
}

function operators(cursor: Cursor, first: DurationNode, above: number): DurationNode {
  let left = first
  for (;;) {
    const precedence = PRECEDENCE[cursor.token.type] ?? 0
    if (precedence <= above) return left
    const op = cursor.take()
    const right = durationExpr(cursor, op.type === '^' ? precedence - 1 : precedence)
    experimental(cursor, left)
    if (right.kind === 'number' && right.value === 0) {
      if (op.type === '/') cursor.fail('division by zero', op)
      if (op.type === '%') cursor.fail('modulo by zero', op)
    }
    left = node(op.type as Calculated['op'], left, right, { start: left.start, end: right.end })
  }
}

function durationOperand(cursor: Cursor): DurationNode {
  if (cursor.at('+', '-')) {
    const sign = cursor.take()
    return signed(cursor, sign, durationExpr(cursor, MULTIPLICATION))
  }
  if (cursor.at('(')) {
    const { start } = cursor.take()
    const inner = durationExpr(cursor, 0)
    cursor.expect(')')
    experimental(cursor, inner)
    return wrap(inner, { start, end: cursor.lastEnd })
  }
  if (cursor.at('step', 'range', 'max_of', 'min_of')) return durationCall(cursor)
  return inRange(cursor, numberLiteral(cursor))
}

/** STEP LEFT_PAREN RIGHT_PAREN | max_of_min_of LEFT_PAREN duration_expr COMMA duration_expr RIGHT_PAREN */
function durationCall(cursor: Cursor): DurationNode {
  const word = cursor.take()
  const op = word.type as 'step' | 'range' | 'max_of' | 'min_of'
  cursor.expect('(')
  const [left, right] = op === 'step' || op === 'range' ? [] : [durationExpr(cursor, 0), second(cursor)]
  cursor.expect(')')
  const made = node(op, left, right, { start: word.start, end: cursor.lastEnd })
  experimental(cursor, made)
  return made
}

function second(cursor: Cursor): DurationNode {
  cursor.expect(',')
  return durationExpr(cursor, 0)
}

function signed(
  cursor: Cursor,
  sign: { type: string; start: number; end: number } | undefined,
  of: DurationNode,
): DurationNode {
  if (sign === undefined) return of
  if (of.kind === 'number') {
    return { ...inRange(cursor, { ...of, value: sign.type === '-' ? -of.value : of.value }), start: sign.start }
  }
  if (sign.type === '+') return of
  return node('-', undefined, of, { start: sign.start, end: of.end })
}

function wrap(inner: DurationNode, span: Span): DurationNode {
  if (inner.kind === 'duration') return { ...inner, wrapped: true }
  return { ...node('+', undefined, inner, span), wrapped: true }
}

function node(
  op: Calculated['op'],
  left: DurationNode | undefined,
  right: DurationNode | undefined,
  span: Span,
): Calculated {
  return { kind: 'duration', op, left, right, wrapped: false, start: span.start, end: span.end }
}

function inRange<T extends DurationNode & { kind: 'number' }>(cursor: Cursor, literal: T): T {
  if (Math.abs(literal.value) > MAX_SECONDS) cursor.fail('duration out of range', literal)
  return literal
}

function experimental(cursor: Cursor, span: Span): void {
  if (!cursor.options.experimental) cursor.fail('experimental duration expression is not enabled', span)
}
