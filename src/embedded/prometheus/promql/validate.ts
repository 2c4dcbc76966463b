import { QueryError } from '../../../errors.ts'
import {
  type Aggregate,
  type Binary,
  type Call,
  type Expr,
  isComparison,
  isSetOp,
  type Span,
  type ValueType,
} from './ast.ts'
import { SIGNATURES } from './functions/signatures.ts'
import { quote } from './go-text.ts'

/** As the documentation names them. */
const DOCUMENTED: Record<ValueType, string> = {
  vector: 'instant vector',
  matrix: 'range vector',
  scalar: 'scalar',
  string: 'string',
}

export const documented = (type: ValueType) => DOCUMENTED[type]

export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'vector':
    case 'aggregate':
      return 'vector'
    case 'matrix':
    case 'subquery':
      return 'matrix'
    case 'number':
      return 'scalar'
    case 'string':
      return 'string'
    case 'paren':
    case 'unary':
      return typeOf(expr.expr)
    case 'binary':
      return typeOf(expr.left) === 'scalar' && typeOf(expr.right) === 'scalar' ? 'scalar' : 'vector'
    case 'call':
      return SIGNATURES.get(expr.name)!.returns
  }
}

/** Checks the types (parser.checkAST), children first as the real one does. Throws QueryError at the first fault. */
export function check(root: Expr, query: string): void {
  const fail = (message: string, span: Span): never => {
    throw new QueryError(`parse error: ${message}`, query, span.start, span.end - span.start)
  }

  function expectType(expr: Expr, want: ValueType, context: string): void {
    const type = visit(expr)
    if (type !== want) fail(`expected type ${documented(want)} in ${context}, got ${documented(type)}`, expr)
  }

  function visit(expr: Expr): ValueType {
    switch (expr.kind) {
      case 'aggregate':
        return aggregate(expr)
      case 'binary':
        return binary(expr)
      case 'call':
        return call(expr)
      case 'paren':
        return visit(expr.expr)
      case 'unary': {
        const type = visit(expr.expr)
        if (type !== 'scalar' && type !== 'vector') {
          const allowed = 'unary expression only allowed on expressions of type scalar or instant vector'
          fail(`${allowed}, got "${documented(type)}"`, expr)
        }
        return type
      }
      case 'subquery': {
        const type = visit(expr.expr)
        if (type !== 'vector') fail(`subquery is only allowed on instant vector, got ${type} instead`, expr)
        return 'matrix'
      }
      case 'matrix':
        visit(expr.selector)
        return 'matrix'
      case 'vector': {
        if (expr.name !== '') {
          const again = expr.matchers.slice(0, -1).find((m) => m.name === '__name__')
          if (again) fail(`metric name must not be set twice: ${quote(expr.name)} or ${quote(again.value)}`, expr)
        } else if (!expr.mayBeEmpty && expr.matchers.every((m) => m.matches(''))) {
          fail('vector selector must contain at least one non-empty matcher', expr)
        }
        return 'vector'
      }
      case 'number':
        return 'scalar'
      case 'string':
        return 'string'
    }
  }

  function aggregate({ op, expr, param }: Aggregate): ValueType {
    expectType(expr, 'vector', 'aggregation expression')
    if (param !== undefined) expectType(param, op === 'count_values' ? 'string' : 'scalar', 'aggregation parameter')
    return 'vector'
  }

  function binary(expr: Binary): ValueType {
    const { op, matching, left, right } = expr
    const lt = visit(left)
    const rt = visit(right)
    const opSpan = { start: expr.opStart, end: right.start }
    if (expr.bool && !isComparison(op)) fail('bool modifier can only be used on comparison operators', opSpan)
    if (isComparison(op) && !expr.bool && lt === 'scalar' && rt === 'scalar') {
      fail('comparisons between scalars must use BOOL modifier', opSpan)
    }
    if (matching.on) {
      const both = matching.labels.find((label) => matching.include.includes(label))
      if (both !== undefined) fail(`label ${quote(both)} must not occur in ON and GROUP clause at once`, opSpan)
    }
    for (const [type, operand] of [
      [lt, left],
      [rt, right],
    ] as const) {
      if (type !== 'scalar' && type !== 'vector') {
        fail('binary expression must contain only scalar and instant vector types', operand)
      }
    }
    const filled = matching.fillLeft !== undefined || matching.fillRight !== undefined
    if (lt !== 'vector' || rt !== 'vector') {
      if (matching.labels.length > 0) fail('vector matching only allowed between instant vectors', expr)
      if (filled) fail('filling in missing series only allowed between instant vectors', expr)
    } else if (isSetOp(op)) {
      if (matching.card !== 'one-to-one') fail(`no grouping allowed for ${quote(op)} operation`, expr)
      if (filled) fail('filling in missing series not allowed for set operators', expr)
    }
    if ((lt === 'scalar' || rt === 'scalar') && isSetOp(op)) {
      fail(`set operator ${quote(op)} not allowed in binary scalar expression`, expr)
    }
    return lt === 'scalar' && rt === 'scalar' ? 'scalar' : 'vector'
  }

  function call(expr: Call): ValueType {
    const { name, args } = expr
    const signature = SIGNATURES.get(name)!
    const { args: types, variadic } = signature
    const counted = (many: string) => `expected ${many} argument(s) in call to "${name}", got ${args.length}`
    if (variadic === 0 && args.length !== types.length) fail(counted(`${types.length}`), expr)
    if (variadic !== 0 && args.length < types.length - 1) fail(counted(`at least ${types.length - 1}`), expr)
    const most = types.length - 1 + variadic
    if (variadic > 0 && args.length > most) fail(counted(`at most ${most}`), expr)
    const second = args[1]
    if (name === 'info' && second !== undefined) {
      const type = typeOf(second)
      if (type !== 'vector') {
        fail(`expected type instant vector in call to function "info", got ${documented(type)}`, expr)
      }
      if (second.kind !== 'vector') fail('expected label selectors only', second)
      else if (second.name !== '') fail('expected label selectors only, got vector selector instead', second)
      else second.mayBeEmpty = true
    }
    args.forEach((arg, i) => {
      const want = types[Math.min(i, types.length - 1)]!
      const type = visit(arg)
      if (type !== want) {
        fail(`expected type ${documented(want)} in call to function "${name}", got ${documented(type)}`, arg)
      }
    })
    return signature.returns
  }

  visit(root)
}
