import { bool, type FieldExpression, type FieldOp, type Static, string } from './ast.ts'
import { negate, operate } from './evaluate/operate.ts'
import { referencesSpan } from './types.ts'
import { validateField } from './validate.ts'

/** Makes `lhs op rhs`, worked out at once when it does not depend on the span, as Tempo does while it parses. */
export function binary(op: FieldOp, lhs: FieldExpression, rhs: FieldExpression): FieldExpression {
  const e: FieldExpression = {
    node: 'binary',
    op,
    lhs: isTraceId(rhs) ? trimmedId(lhs) : lhs,
    rhs: isTraceId(lhs) ? trimmedId(rhs) : rhs,
  }
  if (e.lhs.node !== 'static' || e.rhs.node !== 'static' || validateField(e) !== undefined) return e
  return attempt(() => operate(op, e.lhs as Static, e.rhs as Static, new Map())) ?? e
}

/** Makes `op expression`, worked out at once when it does not depend on the span. */
export function unary(op: '-' | '!' | 'exists' | 'absent', expression: FieldExpression): FieldExpression {
  const e: FieldExpression = { node: 'unary', op, expression }
  if (expression.node !== 'static' || referencesSpan(e) || validateField(e) !== undefined) return e
  return unaryValue(op, expression) ?? e
}

/** undefined when `op` does not go with the value's type. */
export function unaryValue(op: '-' | '!' | 'exists' | 'absent', s: Static): Static | undefined {
  if (op === '-') return negate(s)
  if (op === '!') return s.type === 'bool' ? bool(!s.value) : undefined
  if (op === 'exists') return bool(s.type !== 'nil')
  // Storage gives the text `nil` for what a query wants absent.
  return bool(s.type === 'string' && s.value === 'nil')
}

/** Trace ids are kept without leading zeros, so what they are compared with loses its zeros too. */
function trimmedId(e: FieldExpression): FieldExpression {
  return e.node === 'static' && e.type === 'string' ? string(e.value.replace(/^0+/, '')) : e
}

const isTraceId = (e: FieldExpression) =>
  e.node === 'attribute' && (e.intrinsic === 'trace:id' || e.intrinsic === 'link:traceID')

function attempt(work: () => Static): Static | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
