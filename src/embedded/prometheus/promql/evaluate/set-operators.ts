import type { SetOp, VectorMatching } from '../ast.ts'
import type { Context } from './context.ts'
import { type Matrix, mergeSameLabels } from './matrix.ts'
import { signatureOf } from './signature.ts'

/** and, or, unless: samples stay as they are, and only whether the other side has a match counts. */
export function combineSets(op: SetOp, matching: VectorMatching, lhs: Matrix, rhs: Matrix, context: Context): Matrix {
  const signature = signatureOf(matching.labels, matching.on)
  if (op === 'or') {
    const matched = presence(lhs, signature)
    filter(rhs, signature, matched, false)
    return appended(lhs, rhs, context)
  }
  filter(lhs, signature, presence(rhs, signature), op === 'and')
  return lhs
}

/** For each signature, the steps at which any of its series has a sample. */
function presence(matrix: Matrix, signature: (labels: Matrix['labels'][number]) => string): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>()
  const { steps, present } = matrix
  matrix.labels.forEach((labels, row) => {
    const key = signature(labels)
    const own = present.subarray(row * steps, (row + 1) * steps)
    const known = found.get(key)
    if (known === undefined) found.set(key, own.slice())
    else for (let k = 0; k < steps; k++) known[k]! |= own[k]!
  })
  return found
}

/** Keeps the samples that have a match, or those that have none. */
function filter(
  matrix: Matrix,
  signature: (labels: Matrix['labels'][number]) => string,
  matches: ReadonlyMap<string, Uint8Array>,
  keepMatched: boolean,
): void {
  const { steps, present } = matrix
  matrix.labels.forEach((labels, row) => {
    const match = matches.get(signature(labels))
    for (let k = 0; k < steps; k++) {
      if ((match?.[k] === 1) !== keepMatched) present[row * steps + k] = 0
    }
  })
}

function appended(lhs: Matrix, rhs: Matrix, { budget, delayedNameRemoval, grid }: Context): Matrix {
  for (let row = 0; row < rhs.rows; row++) {
    const from = row * rhs.steps
    const at = lhs.add(rhs.labels[row]!, rhs.dropName[row])
    lhs.copyRow(at, rhs, from)
    lhs.dropIfEmpty()
  }
  // At a single step the check is left to the end when names are still to go.
  return delayedNameRemoval && grid.steps === 1 ? lhs : mergeSameLabels(lhs, budget)
}
