import { formatFloat } from '../../../../util/go-format.ts'
import { type Aggregate, unwrapped } from '../ast.ts'
import { failed } from '../errors.ts'
import { isQuantile } from '../functions/quantile.ts'
import type { Context } from './context.ts'
import { countValues } from './count-values.ts'
import { type Groups, groupRows } from './groups.ts'
import { Matrix } from './matrix.ts'
import { REDUCERS, type Reducer } from './reducers.ts'
import { pickTop } from './top.ts'

export async function evaluateAggregate(expr: Aggregate, context: Context): Promise<Matrix> {
  const { op, param } = expr
  if (op === 'count_values') return countValues(expr, await context.evaluate.vector(expr.expr, context), context)
  const params = param === undefined ? undefined : await context.evaluate.scalar(param, context)
  const input = await context.evaluate.vector(expr.expr, context)
  if (op === 'topk' || op === 'bottomk') {
    if (!hasRoom(params!)) return new Matrix(input.steps, 0, context.budget)
    return pickTop(op, params!, input, groupRows(expr, input), context)
  }
  if (op === 'quantile') warnAboutQuantiles(expr, params!, context)
  const reducer = op === 'quantile' ? REDUCERS.quantile!(params) : REDUCERS[op]?.(undefined)
  if (reducer === undefined) throw failed(`${op}() is experimental and not supported`)
  const groups = groupRows(expr, input)
  const result = await reduce(reducer, input, groups, context)
  input.free()
  return result
}

async function reduce(reducer: Reducer, input: Matrix, groups: Groups, { budget }: Context): Promise<Matrix> {
  const { steps } = input
  const result = new Matrix(steps, groups.labels.length, budget)
  for (const labels of groups.labels) result.add(labels)
  const state = reducer(result.values, groups.labels.length * steps)
  for (let row = 0; row < input.rows; row++) {
    if (budget.due) await budget.pause()
    const group = groups.of[row]!
    const at = group * steps
    if (input.dropName[row]) result.dropName[group] = true
    for (let k = 0; k < steps; k++) {
      const i = row * steps + k
      if (input.present[i] === 0) continue
      const cell = at + k
      if (result.present[cell] === 1) state.add(cell, input.values[i]!)
      else {
        result.present[cell] = 1
        state.first(cell, input.values[i]!)
      }
    }
  }
  for (let cell = 0; cell < groups.labels.length * steps; cell++) {
    if (result.present[cell] === 1) result.values[cell] = state.result(cell, cell % steps)
  }
  return result
}

/** False when no step asks for even one sample. Throws EvaluationError when it is no count. */
function hasRoom(counts: Float64Array): boolean {
  const most = counts.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
  if (most < 1) return false
  if (counts.some(Number.isNaN)) throw failed('Parameter value is NaN')
  const least = counts.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  if (least <= -(2 ** 63)) throw failed(`Scalar value ${formatFloat(least)} underflows int64`)
  if (most >= 2 ** 63) throw failed(`Scalar value ${formatFloat(most)} overflows int64`)
  return true
}

function warnAboutQuantiles({ param }: Aggregate, qs: Float64Array, { annotations }: Context): void {
  for (const q of qs) if (!isQuantile(q)) annotations.invalidQuantile(q, unwrapped(param!))
}
