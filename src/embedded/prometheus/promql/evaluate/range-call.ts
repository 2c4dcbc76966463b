import { labelValue } from '../../../series/labels.ts'
import { type Call, type Expr, type MatrixSelector, type Subquery, unwrapped } from '../ast.ts'
import { REDUCING_FUNCTIONS } from '../functions/over-time.ts'
import { isQuantile } from '../functions/quantile.ts'
import { CHANGE_FUNCTIONS } from '../functions/rate.ts'
import type { Window, WindowFunction } from '../functions/window.ts'
import { absentLabels } from './absent.ts'
import { type Context, timeAt } from './context.ts'
import { dropNames, Matrix, mergeSameLabels } from './matrix.ts'
import { evaluateRange, type RangeVector } from './ranges.ts'
import { SampleBuffer } from './sample-buffer.ts'

/** Like `offset`, these show a sample as it was, so that it keeps its name. */
const KEEPS_NAME = new Set(['last_over_time', 'first_over_time'])

/** A function of a range vector: series by series over all steps, so that each sample is read once. */
export async function evaluateRangeCall(call: Call, arg: MatrixSelector | Subquery, context: Context): Promise<Matrix> {
  const { grid, budget, delayedNameRemoval } = context
  const scalars = await scalarArguments(call, arg, context)
  const ranges = await evaluateRange(arg, context)
  const apply = (CHANGE_FUNCTIONS[call.name] ?? REDUCING_FUNCTIONS[call.name])!
  const matrix = new Matrix(grid.steps, 16, budget)
  const buffer = new SampleBuffer()
  for (const series of ranges.series) {
    if (budget.due) await budget.pause()
    buffer.clear()
    series.load(buffer)
    if (buffer.length === 0) continue
    const at = matrix.add(series.labels, series.dropName)
    let step = 0
    for (;;) {
      step = fillRow(matrix, at, step, buffer, ranges, scalars, apply, context)
      if (step === grid.steps) break
      await budget.pause()
    }
    matrix.dropIfEmpty()
  }
  if (call.name === 'quantile_over_time' && matrix.rows > 0) warnAboutQuantiles(scalars[0]!, call.args[0]!, context)
  if (call.name === 'absent_over_time') return absent(matrix, arg, context)
  if (call.name === 'rate' || call.name === 'increase') noteOddCounters(matrix, call.args[0]!, context)
  if (KEEPS_NAME.has(call.name)) return delayedNameRemoval ? matrix : mergeSameLabels(matrix, budget, true)
  return dropNames(matrix, delayedNameRemoval, budget, true)
}

async function scalarArguments(call: Call, arg: Expr, context: Context): Promise<Float64Array[]> {
  const values: Float64Array[] = []
  for (const other of call.args)
    if (unwrapped(other) !== arg) values.push(await context.evaluate.scalar(other, context))
  return values
}

/** From step `first` on, until others must get their turn; returns the step to go on with. */
function fillRow(
  matrix: Matrix,
  at: number,
  first: number,
  samples: SampleBuffer,
  ranges: RangeVector,
  scalars: readonly Float64Array[],
  apply: WindowFunction,
  context: Context,
): number {
  const { times, values, length } = samples
  const window: Window = {
    times,
    values,
    from: 0,
    to: 0,
    start: 0,
    end: 0,
    time: 0,
    scalars: scalars.map(() => 0),
  }
  for (let k = first; k < matrix.steps; k++) {
    if ((k & 63) === 63 && k > first && context.budget.due) return k
    window.end = ranges.endAt(k)
    window.start = window.end - ranges.rangeMs
    while (window.to < length && times[window.to]! <= window.end) window.to++
    while (window.from < window.to && times[window.from]! <= window.start) window.from++
    if (window.from === window.to) continue
    window.time = timeAt(context, k)
    for (let s = 0; s < scalars.length; s++) window.scalars[s] = scalars[s]![k]!
    const result = apply(window)
    if (result === undefined) continue
    matrix.set(at + k, result)
  }
  return matrix.steps
}

/** 1 wherever no series has a sample. */
function absent(found: Matrix, arg: Expr, { budget, delayedNameRemoval }: Context): Matrix {
  const matrix = new Matrix(found.steps, 1, budget)
  const at = matrix.add(absentLabels(arg), delayedNameRemoval)
  for (let k = 0; k < found.steps; k++) {
    if (!found.isEmptyAt(k)) continue
    matrix.values[at + k] = 1
    matrix.present[at + k] = 1
  }
  matrix.dropIfEmpty()
  return matrix
}

function warnAboutQuantiles(qs: Float64Array, arg: Expr, { annotations }: Context): void {
  for (const q of qs) if (!isQuantile(q)) annotations.invalidQuantile(q, arg)
}

function noteOddCounters(matrix: Matrix, arg: Expr, { annotations }: Context): void {
  for (const labels of matrix.labels) {
    const name = labelValue(labels, '__name__')
    if (name !== '' && !/_(total|sum|count|bucket)$/.test(name)) annotations.possibleNonCounter(name, arg)
  }
}
