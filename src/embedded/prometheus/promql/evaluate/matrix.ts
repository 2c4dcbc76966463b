import { type Labels, labelsKey, labelValue, withoutName } from '../../../series/labels.ts'
import { failed, SAME_LABELSET } from '../errors.ts'
import type { Budget } from './budget.ts'

/**
 * An instant vector at every step of an evaluation: one row a series, one column a step. One block of memory holds
 * all rows, so that a query over a thousand series makes two arrays and not two thousand.
 */
export class Matrix {
  readonly steps: number
  readonly labels: Labels[] = []
  /** Rows that lose their name when all is calculated (delayed name removal). */
  readonly dropName: boolean[] = []
  values: Float64Array
  /** 1 where there is a sample: NaN is a value like any other. */
  present: Uint8Array
  readonly #budget: Budget

  constructor(steps: number, capacity: number, budget: Budget) {
    this.steps = steps
    this.#budget = budget
    budget.hold(steps * capacity)
    this.values = new Float64Array(steps * capacity)
    this.present = new Uint8Array(steps * capacity)
  }

  /** To be called when nothing more is read from it. */
  free(): void {
    this.#budget.release(this.values.length)
  }

  get rows(): number {
    return this.labels.length
  }

  /** Adds an empty row and returns where its first cell is. */
  add(labels: Labels, dropName = false): number {
    const at = this.rows * this.steps
    if (at + this.steps > this.values.length) this.#grow()
    this.labels.push(labels)
    this.dropName.push(dropName)
    return at
  }

  #grow(): void {
    const size = Math.max(this.values.length * 2, this.steps * 4)
    this.#budget.hold(size - this.values.length)
    const values = new Float64Array(size)
    const present = new Uint8Array(size)
    values.set(this.values)
    present.set(this.present)
    this.values = values
    this.present = present
  }

  /** Takes the last row back when nothing was written to it. */
  dropIfEmpty(): void {
    const at = (this.rows - 1) * this.steps
    for (let i = at; i < at + this.steps; i++) if (this.present[i] === 1) return
    this.labels.pop()
    this.dropName.pop()
  }

  isEmptyAt(step: number): boolean {
    for (let i = step; i < this.rows * this.steps; i += this.steps) if (this.present[i] === 1) return false
    return true
  }

  set(cell: number, value: number): void {
    this.present[cell] = 1
    this.values[cell] = value
  }

  /** The row at `at`, read from another matrix of as many steps. */
  copyRow(at: number, from: Matrix, fromAt: number): void {
    this.values.set(from.values.subarray(fromAt, fromAt + this.steps), at)
    this.present.set(from.present.subarray(fromAt, fromAt + this.steps), at)
  }
}

/**
 * Rows of the same labels become one. At the same step they cannot both be: EvaluationError. With `always`, not
 * even at different steps.
 */
export function mergeSameLabels(matrix: Matrix, budget: Budget, always = false): Matrix {
  const seen = new Map<string, number>()
  let duplicates = false
  for (let row = 0; row < matrix.rows; row++) {
    const key = labelsKey(matrix.labels[row]!)
    duplicates ||= seen.has(key)
    seen.set(key, row)
  }
  if (!duplicates) return matrix
  if (always) throw failed(SAME_LABELSET)
  const merged = new Matrix(matrix.steps, seen.size, budget)
  seen.clear()
  for (let row = 0; row < matrix.rows; row++) {
    const from = row * matrix.steps
    const key = labelsKey(matrix.labels[row]!)
    const known = seen.get(key)
    if (known === undefined) {
      const at = merged.add(matrix.labels[row]!, matrix.dropName[row])
      seen.set(key, at)
      merged.copyRow(at, matrix, from)
      continue
    }
    for (let k = 0; k < matrix.steps; k++) {
      if (matrix.present[from + k] === 0) continue
      if (merged.present[known + k] === 1) throw failed(SAME_LABELSET)
      merged.present[known + k] = 1
      merged.values[known + k] = matrix.values[from + k]!
    }
  }
  matrix.free()
  return merged
}

/** Whether all rows have the same name: then dropping it makes no two rows alike. */
function isOneName(matrix: Matrix): boolean {
  const first = matrix.rows === 0 ? '' : labelValue(matrix.labels[0]!, '__name__')
  return matrix.labels.every((labels) => labelValue(labels, '__name__') === first)
}

/** Takes the names off now, or marks the rows so that it is done at the end. */
export function dropNames(matrix: Matrix, delayed: boolean, budget: Budget, always = false): Matrix {
  if (delayed) {
    matrix.dropName.fill(true)
    return matrix
  }
  const unique = isOneName(matrix)
  for (let row = 0; row < matrix.rows; row++) matrix.labels[row] = withoutName(matrix.labels[row]!)
  return unique ? matrix : mergeSameLabels(matrix, budget, always)
}

/** What delayed name removal put off. */
export function removeMarkedNames(matrix: Matrix, budget: Budget): Matrix {
  if (!matrix.dropName.includes(true)) return mergeSameLabels(matrix, budget)
  for (let row = 0; row < matrix.rows; row++) {
    if (matrix.dropName[row]) matrix.labels[row] = withoutName(matrix.labels[row]!)
  }
  return mergeSameLabels(matrix, budget)
}
