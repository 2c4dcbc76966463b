import { type Binary, isArithmetic, isSetOp } from '../ast.ts'
import { failed } from '../errors.ts'
import { typeOf } from '../validate.ts'
import type { Context } from './context.ts'
import { joinVectors } from './join.ts'
import { dropNames, type Matrix } from './matrix.ts'
import { sampleOperator } from './operators.ts'
import { combineSets } from './set-operators.ts'

/** A binary expression with a vector on at least one side. */
export async function evaluateBinary(expr: Binary, context: Context): Promise<Matrix> {
  const { op, left, right } = expr
  if (op === '</' || op === '>/')
    throw failed(`operator ${op} trims native histograms, which this Prometheus does not store`)
  if (typeOf(left) === 'scalar')
    return withScalar(
      expr,
      await context.evaluate.vector(right, context),
      await context.evaluate.scalar(left, context),
      true,
      context,
    )
  if (typeOf(right) === 'scalar')
    return withScalar(
      expr,
      await context.evaluate.vector(left, context),
      await context.evaluate.scalar(right, context),
      false,
      context,
    )
  const lhs = await context.evaluate.vector(left, context)
  const rhs = await context.evaluate.vector(right, context)
  return isSetOp(op) ? combineSets(op, expr.matching, lhs, rhs, context) : joinVectors(expr, lhs, rhs, context)
}

/** The vector's values are changed in place. */
function withScalar(
  { op, bool }: Binary,
  matrix: Matrix,
  scalar: Float64Array,
  scalarIsLeft: boolean,
  { delayedNameRemoval, budget }: Context,
): Matrix {
  const { steps, rows, values, present } = matrix
  // Whichever side it is on, the vector's value is what a comparison keeps.
  const apply = sampleOperator(op, bool, scalarIsLeft ? (_, b) => b : (a) => a)
  for (let row = 0, i = 0; row < rows; row++) {
    for (let k = 0; k < steps; k++, i++) {
      if (present[i] === 0) continue
      const result = scalarIsLeft ? apply(scalar[k]!, values[i]!) : apply(values[i]!, scalar[k]!)
      if (result === undefined) present[i] = 0
      else values[i] = result
    }
  }
  return isArithmetic(op) || bool ? dropNames(matrix, delayedNameRemoval, budget) : matrix
}
