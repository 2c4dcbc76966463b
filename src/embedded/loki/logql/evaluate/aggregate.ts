import type { VectorAggregation, VectorOperation } from '../ast.ts'
import { createSeries, keepLabels, labelsKey, type Series, withoutLabels } from './matrix.ts'

/** `sum by (app) (...)` and the like, over the series at each step. */
export function aggregate({ operation, parameter, grouping }: VectorAggregation, input: readonly Series[]): Series[] {
  const names = new Set(grouping?.labels ?? [])
  const without = grouping?.without ?? false
  const groups = new Map<string, { labels: Series['labels']; members: Series[] }>()
  for (const series of input) {
    const labels = without ? withoutLabels(series.labels, names) : keepLabels(series.labels, names)
    const key = labelsKey(labels)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { labels, members: [series] })
    else group.members.push(series)
  }
  return [...groups.values()].flatMap(({ labels, members }) => {
    if (operation === 'topk' || operation === 'approx_topk') return choose(members, parameter!, (a, b) => b - a)
    if (operation === 'bottomk') return choose(members, parameter!, (a, b) => a - b)
    if (operation === 'sort') return ordered(members, (a, b) => a - b)
    if (operation === 'sort_desc') return ordered(members, (a, b) => b - a)
    return [combine(operation, labels, members)]
  })
}

function combine(operation: VectorOperation, labels: Series['labels'], members: readonly Series[]): Series {
  const count = members[0]!.has.length
  const result = createSeries(labels, count)
  const reduce = reducer(operation)
  const values: number[] = []
  for (let i = 0; i < count; i++) {
    values.length = 0
    for (const { has, values: own } of members) if (has[i] === 1) values.push(own[i]!)
    if (values.length === 0) continue
    result.values[i] = reduce(values)
    result.has[i] = 1
  }
  return result
}

function reducer(operation: VectorOperation): (values: readonly number[]) => number {
  switch (operation) {
    case 'avg':
      return average
    case 'count':
      return (values) => values.length
    case 'max':
      return (values) => values.reduce((best, v) => (best < v || Number.isNaN(best) ? v : best))
    case 'min':
      return (values) => values.reduce((best, v) => (best > v || Number.isNaN(best) ? v : best))
    case 'stdvar':
      return variance
    case 'stddev':
      return (values) => Math.sqrt(variance(values))
    default:
      return (values) => values.reduce((sum, v) => sum + v, 0)
  }
}

/** An infinite mean stays, unless the other infinity or NaN comes. */
function average(values: readonly number[]): number {
  let mean = values[0]!
  for (let i = 1; i < values.length; i++) {
    const value = values[i]!
    const infinite = mean === Infinity || mean === -Infinity
    if (infinite && (value === mean || Number.isFinite(value))) continue
    mean += (value - mean) / (i + 1)
  }
  return mean
}

/** Welford's algorithm, begun at the first value as Loki does. */
function variance(values: readonly number[]): number {
  let mean = values[0]!
  let squares = 0
  for (let i = 1; i < values.length; i++) {
    const delta = values[i]! - mean
    mean += delta / (i + 1)
    squares += delta * (values[i]! - mean)
  }
  return squares / values.length
}

/** The k first at each step, whose series keep their labels; NaN comes last. */
function choose(members: readonly Series[], k: number, order: (a: number, b: number) => number): Series[] {
  const count = members[0]!.has.length
  const results = members.map(({ labels }) => createSeries(labels, count))
  for (let i = 0; i < count; i++) {
    const there = [...members.keys()].filter((m) => members[m]!.has[i] === 1)
    const chosen = there.toSorted((a, b) => compareValues(members[a]!.values[i]!, members[b]!.values[i]!, order))
    for (const m of chosen.slice(0, k)) {
      results[m]!.values[i] = members[m]!.values[i]!
      results[m]!.has[i] = 1
    }
  }
  return results.filter(({ has }) => has.includes(1))
}

/** Only at an instant is there an order of series. */
function ordered(members: readonly Series[], order: (a: number, b: number) => number): Series[] {
  return members.toSorted((a, b) => compareValues(a.values[0]!, b.values[0]!, order))
}

function compareValues(a: number, b: number, order: (a: number, b: number) => number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return a === b ? 0 : order(a, b)
}
