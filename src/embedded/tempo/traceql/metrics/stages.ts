import type { ArithmeticOp, CompareOp, MetricsStage } from '../ast.ts'
import { string } from '../ast.ts'
import { type Label, METRIC_NAME, nanArray, type Series, type SeriesSet } from './series.ts'

/** What stands after a metrics function: `topk`, `bottomk`, comparisons, arithmetic with a number. */
export function runStage(stage: MetricsStage, input: SeriesSet): SeriesSet {
  switch (stage.node) {
    case 'rank':
      return rank(stage.op, stage.limit, input)
    case 'metricsFilter':
      return filter(stage.op, stage.value, input)
    case 'scalarMath': {
      const { op, value, scalarOnLeft } = stage
      const work = (v: number) => (scalarOnLeft ? arithmetic(op, value, v) : arithmetic(op, v, value))
      return mapSeries(input, (s) => ({
        ...s,
        values: s.values.map(work),
        exemplars: s.exemplars.map((e) => ({ ...e, value: work(e.value) })),
      }))
    }
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

function arithmetic(op: ArithmeticOp, a: number, b: number): number {
  if (op === '+') return a + b
  if (op === '-') return a - b
  if (op === '*') return a * b
  return op === '/' && b !== 0 ? a / b : Number.NaN
}

/** Series with the same labels, value by value; one without labels goes with each of the other side. */
export function combine(op: ArithmeticOp, lhs: SeriesSet, rhs: SeriesSet): SeriesSet {
  const target = rhs.has('') ? lhs : rhs
  const output: SeriesSet = new Map()
  for (const key of target.keys()) {
    const l = lhs.get(key) ?? lhs.get('')
    const r = rhs.get(key) ?? rhs.get('')
    if (l === undefined || r === undefined) continue
    const spread = lhs.has(key) === rhs.has(key)
    output.set(key, {
      labels: mergedLabels(op, l.labels, r.labels),
      values: l.values
        .slice(0, Math.min(l.values.length, r.values.length))
        .map((v, i) => arithmetic(op, v, r.values[i]!)),
      exemplars: spread ? [...l.exemplars, ...r.exemplars] : lhs.has(key) ? l.exemplars : r.exemplars,
    })
  }
  return output
}

function mergedLabels(op: ArithmeticOp, l: Label[], r: Label[]): Label[] {
  const nameOf = (labels: Label[]) => labels.find(({ name }) => name === METRIC_NAME)?.value
  const [left, right] = [nameOf(l), nameOf(r)]
  const merged = [...l, ...r.filter((label) => !l.some(({ name }) => name === label.name))].filter(
    ({ name }) => name !== METRIC_NAME,
  )
  if (left?.type !== 'string' || right?.type !== 'string') return merged
  return [{ name: METRIC_NAME, value: string(`(${left.value} ${op} ${right.value})`) }, ...merged]
}
