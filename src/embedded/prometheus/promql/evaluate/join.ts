import {
  filterLabels,
  type Labels,
  labelsKey,
  labelsSet,
  labelValue,
  withLabel,
  withoutName,
} from '../../../series/labels.ts'
import { type Binary, isArithmetic } from '../ast.ts'
import { failed, SAME_LABELSET } from '../errors.ts'
import type { Context } from './context.ts'
import { Matrix, mergeSameLabels } from './matrix.ts'
import { sampleOperator } from './operators.ts'
import { signatureOf } from './signature.ts'

/** Rows of both sides that may be matched with each other. */
interface Group {
  many: number[]
  one: number[]
}

/**
 * Arithmetic or comparison between the matching samples of two vectors. One side must have at most one sample per
 * match group and step; with group_left or group_right the other may have many.
 */
export function joinVectors(expr: Binary, lhs: Matrix, rhs: Matrix, context: Context): Matrix {
  const { matching, op, bool } = expr
  const swapped = matching.card === 'one-to-many'
  const [many, one] = swapped ? [rhs, lhs] : [lhs, rhs]
  const result = new Matrix(lhs.steps, Math.max(16, Math.min(many.rows, 1000)), context.budget)
  const apply = sampleOperator(op, bool, (a) => a)
  const rowOf = resultRows(expr, many, one, result, context)
  const groups = groupRows(many, one, signatureOf(matching.labels, matching.on))
  for (const group of groups) {
    const partner = partners(expr, group, many, one)
    /** For each row of the result, where this group has had a match: a second one is ambiguous. */
    const matched = new Map<number, Uint8Array>()
    for (const row of group.many) {
      let last = NONE
      let at = 0
      for (let k = 0; k < lhs.steps; k++) {
        const i = row * lhs.steps + k
        const other = partner[k]!
        if (other === NONE || many.present[i] === 0) continue
        const a = many.values[i]!
        const b = one.values[other * lhs.steps + k]!
        const value = swapped ? apply(b, a) : apply(a, b)
        if (other !== last) {
          at = rowOf(row, other)
          last = other
        }
        if (group.many.length > 1) claim(matched, matching.card === 'one-to-one' ? -1 : at, k, lhs.steps)
        if (value === undefined) continue
        if (result.present[at + k] === 1) throw failed(SAME_LABELSET)
        result.values[at + k] = value
        result.present[at + k] = 1
      }
    }
  }
  lhs.free()
  rhs.free()
  return context.delayedNameRemoval && lhs.steps === 1 ? result : mergeSameLabels(result, context.budget)
}

const NONE = -1

function groupRows(many: Matrix, one: Matrix, signature: (labels: Labels) => string): Iterable<Group> {
  const groups = new Map<string, Group>()
  one.labels.forEach((labels, row) => {
    const key = signature(labels)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { many: [], one: [row] })
    else group.one.push(row)
  })
  many.labels.forEach((labels, row) => {
    groups.get(signature(labels))?.many.push(row)
  })
  return groups.values()
}

/** The row of the "one" side that has a sample, for each step. Throws EvaluationError where there are two. */
function partners(expr: Binary, { one: rows }: Group, many: Matrix, one: Matrix): Int32Array {
  const { steps, present } = one
  const found = new Int32Array(steps).fill(NONE)
  for (const row of rows) {
    for (let k = 0; k < steps; k++) {
      if (present[row * steps + k] === 0) continue
      // With nothing at all on the other side nothing can go wrong.
      if (found[k] !== NONE && !many.isEmptyAt(k)) throw duplicate(expr, one.labels[found[k]!]!, one.labels[row]!)
      found[k] = row
    }
  }
  return found
}

function duplicate({ matching }: Binary, first: Labels, second: Labels) {
  const names = new Set(matching.labels)
  const keep = (name: string) => (matching.on ? names.has(name) : name !== '__name__' && !names.has(name))
  const group = labelsSet(filterLabels(first, keep))
  const side = matching.card === 'one-to-many' ? 'left' : 'right'
  const [a, b] = [labelsSet(first), labelsSet(second)].sort()
  return failed(
    `found duplicate series for the match group ${group} on the ${side} hand-side of the operation: [${a}, ${b}]` +
      ';many-to-many matching not allowed: matching labels must be unique on one side',
  )
}

function claim(matched: Map<number, Uint8Array>, at: number, step: number, steps: number): void {
  const taken = matched.get(at) ?? new Uint8Array(steps)
  matched.set(at, taken)
  if (taken[step] === 1) {
    throw failed(
      at === -1
        ? 'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)'
        : 'multiple matches for labels: grouping labels must ensure unique matches',
    )
  }
  taken[step] = 1
}

/** Where in the result a match of two rows goes: rows of the same labels share it. */
function resultRows({ op, bool, matching }: Binary, many: Matrix, one: Matrix, result: Matrix, context: Context) {
  const names = new Set(matching.labels)
  const dropName = isArithmetic(op) || (bool && !context.delayedNameRemoval)
  const labelsOf = (row: number, other: number): Labels => {
    let labels = many.labels[row]!
    if (dropName) labels = withoutName(labels)
    if (matching.card === 'one-to-one') labels = filterLabels(labels, (name) => names.has(name) === matching.on)
    for (const name of matching.include) labels = withLabel(labels, name, labelValue(one.labels[other]!, name))
    return labels
  }
  const byPair = new Map<number, number>()
  const byLabels = new Map<string, number>()
  return (row: number, other: number): number => {
    const pair = row * one.rows + other
    const known = byPair.get(pair)
    if (known !== undefined) return known
    const labels = labelsOf(row, other)
    const key = labelsKey(labels)
    const at = byLabels.get(key) ?? result.add(labels, bool)
    byLabels.set(key, at)
    byPair.set(pair, at)
    return at
  }
}
