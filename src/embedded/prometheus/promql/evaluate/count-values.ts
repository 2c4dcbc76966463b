import { formatPlain } from '../../../../util/go-format.ts'
import { filterLabels, labelsKey, withLabel } from '../../../series/labels.ts'
import { type Aggregate, type StringLiteral, unwrapped } from '../ast.ts'
import { failed } from '../errors.ts'
import { quote } from '../go-text.ts'
import type { Context } from './context.ts'
import { Matrix } from './matrix.ts'

/** count_values: how many samples of a group have each value; the value becomes a label. */
export function countValues({ param, without, grouping }: Aggregate, input: Matrix, { budget }: Context): Matrix {
  const label = (unwrapped(param!) as StringLiteral).value
  if (label === '') throw failed(`invalid label name ${quote(label)}`)
  const names = new Set(without ? [...grouping, '__name__'] : [...grouping, label])
  const { steps, present, values } = input
  const result = new Matrix(steps, 16, budget)
  const rows = new Map<string, number>()
  input.labels.forEach((labels, row) => {
    for (let k = 0; k < steps; k++) {
      const i = row * steps + k
      if (present[i] === 0) continue
      const valued = withLabel(labels, label, formatPlain(values[i]!))
      const grouped = filterLabels(valued, (name) => names.has(name) !== without)
      const key = labelsKey(grouped)
      const at = rows.get(key) ?? result.add(grouped)
      rows.set(key, at)
      result.values[at + k]!++
      result.present[at + k] = 1
    }
  })
  return result
}
