import { isInfinite } from '../functions/kahan.ts'
import { quantile } from '../functions/quantile.ts'

/** What an aggregation keeps for each group and step (a cell) while samples come in. */
export interface ReducerState {
  first(cell: number, value: number): void
  add(cell: number, value: number): void
  result(cell: number, step: number): number
}

/** `values` are the cells of the result, which may serve as memory until it is read. */
export type Reducer = (values: Float64Array, cells: number) => ReducerState

const comparing =
  (beats: (value: number, best: number) => boolean): Reducer =>
  (values) => ({
    first: (cell, value) => {
      values[cell] = value
    },
    add: (cell, value) => {
      if (beats(value, values[cell]!) || Number.isNaN(values[cell])) values[cell] = value
    },
    result: (cell) => values[cell]!,
  })

const sum: Reducer = (sums, cells) => {
  const lost = new Float64Array(cells)
  return {
    first: (cell, value) => {
      sums[cell] = value
    },
    add: (cell, value) => compensated(sums, lost, cell, value),
    result: (cell) => sums[cell]! + lost[cell]!,
  }
}

/** Neumaier's sum over columns of state. */
function compensated(sums: Float64Array, lost: Float64Array, cell: number, value: number): void {
  const before = sums[cell]!
  const total = before + value
  if (isInfinite(total)) lost[cell] = 0
  else if (Math.abs(before) >= Math.abs(value)) lost[cell]! += before - total + value
  else lost[cell]! += value - total + before
  sums[cell] = total
}

/** By the sum; once that would overflow, by the mean so far. */
const average: Reducer = (sums, cells) => {
  const lost = new Float64Array(cells)
  const counts = new Float64Array(cells)
  const incremental = new Uint8Array(cells)
  return {
    first(cell, value) {
      sums[cell] = value
      counts[cell] = 1
    },
    add(cell, value) {
      const count = counts[cell]! + 1
      counts[cell] = count
      if (incremental[cell] === 0) {
        const before = sums[cell]!
        const lostBefore = lost[cell]!
        compensated(sums, lost, cell, value)
        if (!isInfinite(sums[cell]!)) return
        incremental[cell] = 1
        sums[cell] = before / (count - 1)
        lost[cell] = lostBefore / (count - 1)
      }
      const share = (count - 1) / count
      sums[cell]! *= share
      lost[cell]! *= share
      compensated(sums, lost, cell, value / count)
    },
    result(cell) {
      const count = incremental[cell] === 1 ? 1 : counts[cell]!
      return sums[cell]! / count + lost[cell]! / count
    },
  }
}

/** Welford's running variance. */
const variance =
  (finish: (variance: number) => number): Reducer =>
  (squares, cells) => {
    const means = new Float64Array(cells)
    const counts = new Float64Array(cells)
    return {
      first(cell, value) {
        squares[cell] = Number.isFinite(value) ? 0 : Number.NaN
        means[cell] = value
        counts[cell] = 1
      },
      add(cell, value) {
        const count = ++counts[cell]!
        const delta = value - means[cell]!
        means[cell]! += delta / count
        squares[cell]! += delta * (value - means[cell]!)
      },
      result: (cell) => finish(squares[cell]! / counts[cell]!),
    }
  }

const quantileReducer =
  (qs: Float64Array): Reducer =>
  () => {
    const all = new Map<number, number[]>()
    return {
      first: (cell, value) => all.set(cell, [value]),
      add: (cell, value) => all.get(cell)!.push(value),
      result: (cell, step) => quantile(qs[step]!, Float64Array.from(all.get(cell)!)),
    }
  }

const count: Reducer = (values) => ({
  first: (cell) => {
    values[cell] = 1
  },
  add: (cell) => {
    values[cell]!++
  },
  result: (cell) => values[cell]!,
})

const group: Reducer = () => ({ first: () => {}, add: () => {}, result: () => 1 })

/** By the operator's name; only quantile has a parameter, a number for each step. */
export const REDUCERS: Partial<Record<string, (params: Float64Array | undefined) => Reducer>> = {
  sum: () => sum,
  avg: () => average,
  count: () => count,
  group: () => group,
  min: () => comparing((value, best) => value < best),
  max: () => comparing((value, best) => value > best),
  stddev: () => variance(Math.sqrt),
  stdvar: () => variance((value) => value),
  quantile: (params) => quantileReducer(params!),
}
