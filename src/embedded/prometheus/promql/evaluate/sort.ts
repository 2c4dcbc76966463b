import type { Context } from './context.ts'
import { Matrix } from './matrix.ts'

/** Orders an instant vector; NaN comes last either way. Over several steps there is no order to give. */
export function sortByValue(input: Matrix, descending: boolean, { budget }: Context): Matrix {
  if (input.steps !== 1) return input
  const rows = input.labels.map((_, row) => row).filter((row) => input.present[row] === 1)
  const sign = descending ? -1 : 1
  rows.sort((x, y) => {
    const [a, b] = [input.values[x]!, input.values[y]!]
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
    return a < b ? -sign : a > b ? sign : 0
  })
  const result = new Matrix(1, rows.length, budget)
  for (const row of rows) result.copyRow(result.add(input.labels[row]!, input.dropName[row]), input, row)
  return result
}
