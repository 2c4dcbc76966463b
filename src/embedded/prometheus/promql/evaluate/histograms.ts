import { filterLabels, labelsKey, labelValue } from '../../../series/labels.ts'
import type { Call, Expr } from '../ast.ts'
import { type Bucket, bucketFraction, bucketQuantile } from '../functions/buckets.ts'
import { isQuantile } from '../functions/quantile.ts'
import { type Context, timeAt } from './context.ts'
import { dropNames, Matrix } from './matrix.ts'

/** histogram_quantile of classic histograms: series that differ only in `le`. */
export function histogramQuantile(call: Call, qs: Float64Array, input: Matrix, context: Context): Matrix {
  const { annotations, delayedNameRemoval } = context
  const [qArg, arg] = call.args as [Expr, Expr]
  for (const q of qs) if (!isQuantile(q)) annotations.invalidQuantile(q, qArg)
  return overHistograms(input, arg, context, (buckets, k, name) => {
    const { value, forced } = bucketQuantile(qs[k]!, buckets)
    if (forced !== undefined) {
      annotations.forcedMonotonicity(delayedNameRemoval ? name : '', timeAt(context, k), forced, arg)
    }
    return value
  })
}

/** histogram_fraction of classic histograms. */
export function histogramFraction(
  call: Call,
  lower: Float64Array,
  upper: Float64Array,
  input: Matrix,
  context: Context,
): Matrix {
  return overHistograms(input, call.args[2]!, context, (buckets, k) => bucketFraction(lower[k]!, upper[k]!, buckets))
}

/** The rows of one histogram, lowest bucket first. */
interface Histogram {
  at: number
  name: string
  rows: { row: number; bound: number }[]
}

function overHistograms(
  input: Matrix,
  arg: Expr,
  context: Context,
  calculate: (buckets: Bucket[], step: number, name: string) => number,
): Matrix {
  const { budget, delayedNameRemoval } = context
  const result = new Matrix(input.steps, 16, budget)
  for (const { rows, at, name } of histogramsOf(input, result, arg, context)) {
    rows.sort((a, b) => a.bound - b.bound || 0)
    for (let k = 0; k < input.steps; k++) {
      const buckets: Bucket[] = []
      for (const { row, bound } of rows) {
        const i = row * input.steps + k
        if (input.present[i] === 1) buckets.push({ bound, count: input.values[i]! })
      }
      if (buckets.length === 0) continue
      result.values[at + k] = calculate(buckets, k, name)
      result.present[at + k] = 1
    }
  }
  input.free()
  return dropNames(result, delayedNameRemoval, budget)
}

function histogramsOf(input: Matrix, result: Matrix, arg: Expr, context: Context): Iterable<Histogram> {
  const found = new Map<string, Histogram>()
  input.labels.forEach((labels, row) => {
    const from = row * input.steps
    if (!input.present.subarray(from, from + input.steps).includes(1)) return
    const le = labelValue(labels, 'le')
    const bound = parseBound(le)
    const name = labelValue(labels, '__name__')
    if (bound === undefined) {
      context.annotations.badBucketLabel(context.delayedNameRemoval ? name : '', le, arg)
      return
    }
    const others = filterLabels(labels, (label) => label !== 'le')
    const key = labelsKey(others)
    const known = found.get(key)
    if (known === undefined) found.set(key, { at: result.add(others), name, rows: [{ row, bound }] })
    else known.rows.push({ row, bound })
  })
  return found.values()
}

/** strconv.ParseFloat, for what stands in `le`. */
function parseBound(text: string): number | undefined {
  if (/^[-+]?(inf|infinity)$/i.test(text)) {
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  }
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined
}
