import { formatPlain } from '../../../util/go-format.ts'
import type { DurationNode, Expr, LabelMatcher, Modifiers, VectorSelector } from '../promql/ast.ts'
import { SIGNATURES } from '../promql/functions/signatures.ts'
import { typeOf } from '../promql/validate.ts'

/** The syntax tree as /api/v1/parse_query gives it (web/api/v1/translate_ast.go). */
export function translated(expr: Expr): object {
  switch (expr.kind) {
    case 'vector':
      return { type: 'vectorSelector', ...selector(expr) }
    case 'matrix':
      return {
        type: 'matrixSelector',
        range: expr.range,
        rangeExpr: calculated(expr.rangeExpr),
        ...selector(expr.selector),
      }
    case 'subquery': {
      const { range, rangeExpr, step, stepExpr } = expr
      return {
        type: 'subquery',
        expr: translated(expr.expr),
        range,
        rangeExpr: calculated(rangeExpr),
        step,
        stepExpr: calculated(stepExpr),
        ...modifiers(expr),
      }
    }
    case 'number':
      return { type: 'numberLiteral', val: formatPlain(expr.value) }
    case 'string':
      return { type: 'stringLiteral', val: expr.value }
    case 'paren':
      return { type: 'parenExpr', expr: translated(expr.expr) }
    case 'unary':
      return { type: 'unaryExpr', op: expr.op, expr: translated(expr.expr) }
    case 'binary': {
      const { op, left, right, bool } = expr
      const both = typeOf(left) === 'vector' && typeOf(right) === 'vector'
      return {
        type: 'binaryExpr',
        op,
        lhs: translated(left),
        rhs: translated(right),
        matching: both ? matching(expr) : null,
        bool,
      }
    }
    case 'aggregate': {
      const { op, param, grouping, without } = expr
      return {
        type: 'aggregation',
        op,
        expr: translated(expr.expr),
        param: param ? translated(param) : null,
        grouping,
        without,
      }
    }
    case 'call': {
      const { args, variadic, returns } = SIGNATURES.get(expr.name)!
      const func = { name: expr.name, argTypes: args, variadic, returnType: returns }
      return { type: 'call', func, args: expr.args.map(translated) }
    }
  }
}

function matching({ op, matching: m }: Extract<Expr, { kind: 'binary' }>): object {
  const isSet = op === 'and' || op === 'or' || op === 'unless'
  return {
    card: isSet ? 'many-to-many' : m.card,
    labels: m.labels,
    on: m.on,
    include: m.include,
    fillValues: { lhs: m.fillLeft ?? null, rhs: m.fillRight ?? null },
  }
}

function selector(expr: VectorSelector): object {
  const shown = ({ name, value, op }: LabelMatcher) => ({ name, value, type: op })
  return {
    name: expr.name,
    matchers: expr.matchers.map(shown),
    ...modifiers(expr),
    anchored: expr.extended === 'anchored',
    smoothed: expr.extended === 'smoothed',
  }
}

function modifiers({ offset, offsetExpr, at }: Modifiers): object {
  return {
    offset,
    offsetExpr: calculated(offsetExpr),
    timestamp: typeof at === 'object' ? at.ms : null,
    startOrEnd: typeof at === 'string' ? at : null,
  }
}

/** Only what is calculated; a plain number is told as the range or the offset. */
function calculated(node: DurationNode | undefined): object | null {
  if (node === undefined || node.kind === 'number') return null
  const side = (part: DurationNode | undefined) =>
    part?.kind === 'number'
      ? { type: 'numberLiteral', val: formatPlain(part.value), duration: part.duration }
      : calculated(part)
  const { op, left, right, wrapped } = node
  return { type: 'durationExpr', op, lhs: side(left), rhs: side(right), wrapped }
}
