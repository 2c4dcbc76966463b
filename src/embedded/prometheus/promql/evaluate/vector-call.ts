import { type Call, unwrapped } from '../ast.ts'
import { failed } from '../errors.ts'
import { clamp, DATE_FUNCTIONS, MATH_FUNCTIONS, round } from '../functions/math.ts'
import { absentLabels } from './absent.ts'
import { type Context, timeAt } from './context.ts'
import { histogramFraction, histogramQuantile } from './histograms.ts'
import { labelJoin, labelReplace } from './label-calls.ts'
import { dropNames, Matrix } from './matrix.ts'
import { evaluateSelector } from './selector.ts'
import { sortByValue } from './sort.ts'

/** A function without a range vector among its arguments. */
export async function evaluateVectorCall(call: Call, context: Context): Promise<Matrix> {
  const { name, args } = call
  const vector = (i = 0) => context.evaluate.vector(args[i]!, context)
  const scalar = (i: number) => context.evaluate.scalar(args[i]!, context)
  const math = MATH_FUNCTIONS[name]
  if (math !== undefined) return mapped(await vector(), context, math)
  const date = DATE_FUNCTIONS[name]
  if (date !== undefined) {
    return args.length === 0
      ? mapped(ofScalar(times(context), context), context, date)
      : mapped(await vector(), context, date)
  }
  switch (name) {
    case 'vector':
      return ofScalar(await scalar(0), context)
    case 'absent':
      return absent(await vector(), call, context)
    case 'timestamp':
      return timestamps(call, context)
    case 'round': {
      const units = args.length > 1 ? await scalar(1) : undefined
      return mapped(await vector(), context, (value, k) => round(value, units?.[k] ?? 1))
    }
    case 'clamp':
      return clamped(await vector(), await scalar(1), await scalar(2), context)
    case 'clamp_min':
      return clamped(await vector(), await scalar(1), undefined, context)
    case 'clamp_max':
      return clamped(await vector(), undefined, await scalar(1), context)
    case 'sort':
    case 'sort_desc':
      if (context.grid.steps > 1) context.annotations.sortInRangeQuery(call)
      return sortByValue(await vector(), name === 'sort_desc', context)
    case 'label_replace':
      return labelReplace(call, await vector(), context)
    case 'label_join':
      return labelJoin(call, await vector(), context)
    case 'histogram_quantile':
      return histogramQuantile(call, await scalar(0), await vector(1), context)
    case 'histogram_fraction':
      return histogramFraction(call, await scalar(0), await scalar(1), await vector(2), context)
  }
  if (name.startsWith('histogram_')) {
    throw failed(`${name}() reads native histograms, which this Prometheus does not store`)
  }
  throw failed(`${name}() is experimental and not supported`)
}

function mapped(matrix: Matrix, context: Context, apply: (value: number, step: number) => number): Matrix {
  const { steps, rows, values } = matrix
  for (let row = 0, i = 0; row < rows; row++) for (let k = 0; k < steps; k++, i++) values[i] = apply(values[i]!, k)
  return dropNames(matrix, context.delayedNameRemoval, context.budget)
}

function ofScalar(scalar: Float64Array, { budget }: Context): Matrix {
  const matrix = new Matrix(scalar.length, 1, budget)
  matrix.add([])
  matrix.values.set(scalar)
  matrix.present.fill(1)
  return matrix
}

const times = (context: Context) => new Float64Array(context.grid.steps).map((_, k) => timeAt(context, k) / 1000)

/** Of a selector, when each sample was taken; of anything else, when it was calculated. */
async function timestamps({ args }: Call, context: Context): Promise<Matrix> {
  const arg = unwrapped(args[0]!)
  if (arg.kind !== 'vector')
    return mapped(await context.evaluate.vector(arg, context), context, (_, k) => timeAt(context, k) / 1000)
  return dropNames(await evaluateSelector(arg, context, 'time'), context.delayedNameRemoval, context.budget)
}

function absent(input: Matrix, { args }: Call, { budget }: Context): Matrix {
  const matrix = new Matrix(input.steps, 1, budget)
  const at = matrix.add(absentLabels(args[0]!))
  for (let k = 0; k < input.steps; k++) {
    if (!input.isEmptyAt(k)) continue
    matrix.values[at + k] = 1
    matrix.present[at + k] = 1
  }
  matrix.dropIfEmpty()
  return matrix
}

function clamped(
  matrix: Matrix,
  least: Float64Array | undefined,
  most: Float64Array | undefined,
  context: Context,
): Matrix {
  const { steps, rows, present } = matrix
  const min = (k: number) => least?.[k] ?? Number.NEGATIVE_INFINITY
  const max = (k: number) => most?.[k] ?? Number.POSITIVE_INFINITY
  // Between bounds that cross there is nothing.
  for (let i = 0; i < rows * steps; i++) if (max(i % steps) < min(i % steps)) present[i] = 0
  return mapped(matrix, context, (value, k) => clamp(value, min(k), max(k)))
}
