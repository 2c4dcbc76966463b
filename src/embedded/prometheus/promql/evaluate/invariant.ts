import { childrenOf, type Expr, unwrapped } from '../ast.ts'

/** Functions whose value depends on the time of evaluation whatever they are given. */
const TIME_BOUND = new Set(
  `days_in_month day_of_month day_of_week day_of_year hour minute month year predict_linear time timestamp`.split(' '),
)

/** The expressions under `@` that have the same value at every step, so that one calculation does. */
export function findInvariant(root: Expr): Set<Expr> {
  const found = new Set<Expr>()
  const visit = (expr: Expr): boolean => {
    const parts = childrenOf(expr).map(visit)
    const invariant = isInvariant(expr, parts)
    if (invariant) found.add(expr)
    return invariant
  }
  visit(root)
  return found
}

function isInvariant(expr: Expr, parts: readonly boolean[]): boolean {
  switch (expr.kind) {
    case 'vector':
    case 'subquery':
      return expr.at !== undefined
    case 'matrix':
      return expr.selector.at !== undefined
    case 'number':
    case 'string':
      return true
    case 'aggregate':
      // The parameter does not count: the real engine takes its first value as well.
      return parts[0]!
    case 'call': {
      if (expr.name === 'timestamp') return parts[0]! && unwrapped(expr.args[0]!).kind === 'vector'
      return !TIME_BOUND.has(expr.name) && parts.every(Boolean)
    }
    default:
      return parts.every(Boolean)
  }
}
