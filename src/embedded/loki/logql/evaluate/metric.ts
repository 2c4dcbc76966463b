import type { LabelReplace, MetricExpression } from '../ast.ts'
import { compileRegexp, expand } from '../regexp.ts'
import { aggregate } from './aggregate.ts'
import { between, withLiteral } from './binary.ts'
import { type Context, refuse } from './context.ts'
import { createSeries, type Series, withLabel } from './matrix.ts'
import { evaluateRange } from './range.ts'

/** A metric expression at every step. */
export async function evaluateMetric(expression: MetricExpression, context: Context): Promise<Series[]> {
  switch (expression.node) {
    case 'literal':
    case 'vector':
      return [constant(expression.value, context.steps.count)]
    case 'range':
      return evaluateRange(expression, undefined, context)
    case 'label_replace':
      return labelReplace(expression, await evaluateMetric(expression.operand, context))
    case 'aggregation': {
      const { operation, operand } = expression
      if (operation === 'approx_topk' && context.steps.count > 1) {
        throw refuse(context, 'count min sketches are only supported on instant queries')
      }
      // A sum of what adds up needs no more labels of the lines than its own.
      const adds = operand.node === 'range' && operand.grouping === undefined && ADDITIVE.has(operand.operation)
      const input =
        operation === 'sum' && adds
          ? await evaluateRange(operand, expression.grouping ?? { without: false, labels: [] }, context)
          : await evaluateMetric(operand, context)
      return aggregate(expression, input)
    }
    case 'binary': {
      const { left, right } = expression
      if (left.node === 'literal')
        return withLiteral(expression, left.value, 'left', await evaluateMetric(right, context))
      if (right.node === 'literal')
        return withLiteral(expression, right.value, 'right', await evaluateMetric(left, context))
      const a = await evaluateMetric(left, context)
      const b = await evaluateMetric(right, context)
      try {
        return between(expression, a, b, context.steps.count)
      } catch (error) {
        throw refuse(context, (error as Error).message)
      }
    }
  }
}

const ADDITIVE = new Set(['bytes_over_time', 'bytes_rate', 'sum_over_time', 'rate', 'count_over_time'])

function constant(value: number, steps: number): Series {
  const series = createSeries([], steps)
  series.values.fill(value)
  series.has.fill(1)
  return series
}

function labelReplace({ destination, replacement, source, pattern }: LabelReplace, input: Series[]): Series[] {
  const regexp = compileRegexp(`^(?:${pattern})$`)
  return input.map((series) => {
    const found = regexp.exec(series.labels.find(([name]) => name === source)?.[1] ?? '')
    if (found === undefined) return series
    const value = expand(replacement, (name) => {
      const index = /^\d+$/.test(name) ? Number(name) : regexp.groupNames.indexOf(name)
      return found.groups[index] ?? ''
    })
    return { ...series, labels: withLabel(series.labels, destination, value) }
  })
}
