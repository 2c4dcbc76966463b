import { type Call, type Expr, type Unary, unwrapped } from '../ast.ts'
import { typeOf } from '../validate.ts'
import { evaluateAggregate } from './aggregate.ts'
import { evaluateBinary } from './binary.ts'
import { type Context, timeAt } from './context.ts'
import { dropNames, Matrix, mergeSameLabels } from './matrix.ts'
import { scalarOperator } from './operators.ts'
import { evaluateRangeCall } from './range-call.ts'
import { isRange } from './ranges.ts'
import { evaluateSelector } from './selector.ts'
import { evaluateVectorCall } from './vector-call.ts'

/** An instant vector at every step. The matrix belongs to the caller. */
export async function evaluateVector(expr: Expr, context: Context): Promise<Matrix> {
  const { grid, budget } = context
  if (grid.steps === 0) return new Matrix(0, 0, budget)
  if (budget.due) await budget.pause()
  if (grid.steps > 1 && context.invariant.has(expr) && expr.kind !== 'vector') {
    return repeated(await evaluateVector(expr, { ...context, grid: { ...grid, steps: 1 } }), context)
  }
  switch (expr.kind) {
    case 'vector':
      return evaluateSelector(expr, context)
    case 'paren':
      return evaluateVector(expr.expr, context)
    case 'unary':
      return evaluateUnary(expr, context)
    case 'binary':
      return evaluateBinary(expr, context)
    case 'aggregate':
      return evaluateAggregate(expr, context)
    case 'call': {
      const range = expr.args.map(unwrapped).find(isRange)
      return range === undefined ? evaluateVectorCall(expr, context) : evaluateRangeCall(expr, range, context)
    }
    default:
      throw new Error(`${expr.kind} is no instant vector`)
  }
}

/** One column, at every step. */
function repeated(once: Matrix, { grid, budget }: Context): Matrix {
  const matrix = new Matrix(grid.steps, once.rows, budget)
  for (let row = 0; row < once.rows; row++) {
    const at = matrix.add(once.labels[row]!, once.dropName[row])
    matrix.values.fill(once.values[row]!, at, at + grid.steps)
    matrix.present.fill(once.present[row]!, at, at + grid.steps)
  }
  return matrix
}

async function evaluateUnary({ op, expr }: Unary, context: Context): Promise<Matrix> {
  const matrix = await evaluateVector(expr, context)
  if (op === '+') return matrix
  for (let i = 0; i < matrix.rows * matrix.steps; i++) matrix.values[i] = -matrix.values[i]!
  const named = dropNames(matrix, context.delayedNameRemoval, context.budget)
  return context.delayedNameRemoval ? named : mergeSameLabels(named, context.budget)
}

/** A number at every step. */
export async function evaluateScalar(expr: Expr, context: Context): Promise<Float64Array> {
  const { steps } = context.grid
  switch (expr.kind) {
    case 'number':
      return new Float64Array(steps).fill(expr.value)
    case 'paren':
      return evaluateScalar(expr.expr, context)
    case 'unary': {
      const values = await evaluateScalar(expr.expr, context)
      return expr.op === '-' ? values.map((value) => -value) : values
    }
    case 'binary': {
      const left = await evaluateScalar(expr.left, context)
      const right = await evaluateScalar(expr.right, context)
      const apply = scalarOperator(expr.op)
      return left.map((value, k) => apply(value, right[k]!))
    }
    case 'call':
      return scalarCall(expr, context)
    default:
      throw new Error(`${typeOf(expr)} is no scalar`)
  }
}

async function scalarCall({ name, args }: Call, context: Context): Promise<Float64Array> {
  const values = new Float64Array(context.grid.steps)
  if (name === 'pi') return values.fill(Math.PI)
  if (name === 'time') return values.map((_, k) => timeAt(context, k) / 1000)
  if (name !== 'scalar') throw new Error(`${name}() is no scalar function`)
  const { rows, steps, present, values: cells } = await evaluateVector(args[0]!, context)
  const found = new Uint32Array(steps)
  for (let i = 0; i < rows * steps; i++) {
    if (present[i] === 0) continue
    found[i % steps]!++
    values[i % steps] = cells[i]!
  }
  return values.map((value, k) => (found[k] === 1 ? value : Number.NaN))
}
