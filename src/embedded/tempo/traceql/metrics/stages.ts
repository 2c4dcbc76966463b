import type { CompareOp, MetricsStage } from '../ast.ts'
import { nanArray, type Series, type SeriesSet } from './series.ts'

/** What stands after a metrics function: `topk`, `bottomk`, comparisons. */
export function runStage(stage: MetricsStage, input: SeriesSet): SeriesSet {
  switch (stage.node) {
    case 'rank':
      return rank(stage.op, stage.limit, input)
    case 'metricsFilter':
      return filter(stage.op, stage.value, input)
  }
}

function mapSeries(input: SeriesSet, work: (s: Series) => Series | undefined): SeriesSet {
  const output: SeriesSet = new Map()
  for (const [key, series] of input) {
    const result = work(series)
    if (result !== undefined) output.set(key, result)
  }
  return output
}

/** At each step the `limit` series with the highest or lowest values; of equal ones the first by label. */
function rank(op: 'topk' | 'bottomk', limit: number, input: SeriesSet): SeriesSet {
  if (input.size <= limit) return input
  const output: SeriesSet = new Map()
  const length = Math.max(...[...input.values()].map((s) => s.values.length))
  const sign = op === 'topk' ? -1 : 1
  const named = [...input].sort(([a], [b]) => (a < b ? -1 : 1))
  for (let i = 0; i < length; i++) {
    const present = named.filter(([, s]) => i < s.values.length && !Number.isNaN(s.values[i]))
    // Sorting is stable, so that labels decide among equals.
    present.sort(([, a], [, b]) => sign * (a.values[i]! - b.values[i]!))
    for (const [key, series] of present.slice(0, limit)) {
      let kept = output.get(key)
      if (kept === undefined) {
        kept = { ...series, values: nanArray(length) }
        output.set(key, kept)
      }
      kept.values[i] = series.values[i]!
    }
  }
  return output
}

function filter(op: CompareOp, limit: number, input: SeriesSet): SeriesSet {
  const keeps = (v: number) => {
    switch (op) {
      case '=':
        return v === limit
      case '!=':
        return v !== limit
      case '<':
        return v < limit
      case '<=':
        return v <= limit
      case '>':
        return v > limit
      case '>=':
        return v >= limit
    }
  }
  const good = (v: number) => !Number.isNaN(v) && keeps(v)
  return mapSeries(input, (s) => {
    const values = s.values.map((v) => (good(v) ? v : Number.NaN))
    if (values.every(Number.isNaN)) return undefined
    return { ...s, values, exemplars: s.exemplars.filter((e) => good(e.value)) }
  })
}
