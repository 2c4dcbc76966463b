import type { Context } from './context.ts'
import type { Groups } from './groups.ts'
import { Matrix } from './matrix.ts'

interface Entry {
  row: number
  value: number
}

type Less = (a: number, b: number) => boolean

/**
 * topk and bottomk: whole samples with all their labels. Which of equal samples stay follows from the real engine's
 * heap, so it is built the same way.
 */
export function pickTop(
  op: 'topk' | 'bottomk',
  counts: Float64Array,
  input: Matrix,
  groups: Groups,
  { budget }: Context,
) {
  const { steps, rows, present, values } = input
  // NaN is the first to go on either side.
  const less: Less = op === 'topk' ? (a, b) => Number.isNaN(a) || a < b : (a, b) => Number.isNaN(a) || a > b
  const picked: Entry[][] = []
  for (let k = 0; k < steps; k++) {
    const count = Math.min(Math.trunc(counts[k]!), rows)
    const heaps: Entry[][] = groups.labels.map(() => [])
    for (let row = 0; row < rows && count >= 1; row++) {
      const i = row * steps + k
      if (present[i] === 1) offer(heaps[groups.of[row]!]!, { row, value: values[i]! }, count, less)
    }
    picked.push(heaps.flatMap((heap) => sorted(heap, less)))
  }
  return steps === 1 ? inOrder(input, picked[0]!, budget) : masked(input, picked)
}

/** A heap with the worst kept entry on top. */
function offer(heap: Entry[], entry: Entry, count: number, less: Less): void {
  if (heap.length < count) {
    heap.push(entry)
    siftUp(heap, less)
    return
  }
  const worst = heap[0]!.value
  const beats = less(worst, entry.value) && !(Number.isNaN(worst) && Number.isNaN(entry.value))
  if (!beats) return
  heap[0] = entry
  siftDown(heap, less)
}

function siftUp(heap: Entry[], less: Less): void {
  let i = heap.length - 1
  while (i > 0) {
    const parent = (i - 1) >> 1
    if (!less(heap[i]!.value, heap[parent]!.value)) return
    swap(heap, i, parent)
    i = parent
  }
}

function siftDown(heap: Entry[], less: Less): void {
  let i = 0
  for (;;) {
    let child = 2 * i + 1
    if (child >= heap.length) return
    if (child + 1 < heap.length && less(heap[child + 1]!.value, heap[child]!.value)) child++
    if (!less(heap[child]!.value, heap[i]!.value)) return
    swap(heap, i, child)
    i = child
  }
}

function swap(heap: Entry[], a: number, b: number): void {
  const entry = heap[a]!
  heap[a] = heap[b]!
  heap[b] = entry
}

/** Best first. */
function sorted(heap: Entry[], less: Less): Entry[] {
  return heap.sort(({ value: a }, { value: b }) => {
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
    return less(b, a) ? -1 : less(a, b) ? 1 : 0
  })
}

/** Of an instant query the order is part of the answer. */
function inOrder(input: Matrix, entries: readonly Entry[], budget: Context['budget']): Matrix {
  const result = new Matrix(1, entries.length, budget)
  for (const { row, value } of entries) {
    const at = result.add(input.labels[row]!, input.dropName[row])
    result.values[at] = value
    result.present[at] = 1
  }
  return result
}

/** The input without the samples that were not picked. */
function masked(input: Matrix, picked: readonly (readonly Entry[])[]): Matrix {
  input.present.fill(0)
  picked.forEach((entries, k) => {
    for (const { row } of entries) input.present[row * input.steps + k] = 1
  })
  return input
}
