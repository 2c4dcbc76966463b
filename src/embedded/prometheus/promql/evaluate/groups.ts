import { filterLabels, type Labels } from '../../../series/labels.ts'
import type { Aggregate } from '../ast.ts'
import type { Matrix } from './matrix.ts'
import { signatureOf } from './signature.ts'

export interface Groups {
  /** The group of each row. */
  of: Int32Array
  labels: Labels[]
}

/** Where each row belongs, groups in the order in which they are met. */
export function groupRows({ without, grouping }: Aggregate, input: Matrix): Groups {
  const of = new Int32Array(input.rows)
  const labels: Labels[] = []
  if (!without && grouping.length === 0) {
    if (input.rows > 0) labels.push([])
    return { of, labels }
  }
  const names = new Set(grouping)
  const keep = without ? (name: string) => name !== '__name__' && !names.has(name) : (name: string) => names.has(name)
  const signature = signatureOf(grouping, !without)
  const known = new Map<string, number>()
  input.labels.forEach((of_, row) => {
    const key = signature(of_)
    let group = known.get(key)
    if (group === undefined) {
      group = labels.length
      known.set(key, group)
      labels.push(filterLabels(of_, keep))
    }
    of[row] = group
  })
  return { of, labels }
}
