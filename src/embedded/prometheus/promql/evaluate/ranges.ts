import type { Labels } from '../../../series/labels.ts'
import type { Expr, MatrixSelector, Subquery } from '../ast.ts'
import { failed } from '../errors.ts'
import type { Context, Grid } from './context.ts'
import type { SampleBuffer } from './sample-buffer.ts'
import { pinnedTime } from './selector.ts'

export interface RangeSeries {
  labels: Labels
  dropName: boolean
  /** Fills the buffer with the samples of all windows, without staleness markers. */
  load(into: SampleBuffer): void
}

export interface RangeVector {
  series: Iterable<RangeSeries>
  rangeMs: number
  /** Where the window of a step ends. */
  endAt(step: number): number
}

export const isRange = (expr: Expr): expr is MatrixSelector | Subquery =>
  expr.kind === 'matrix' || expr.kind === 'subquery'

export function evaluateRange(expr: MatrixSelector | Subquery, context: Context): Promise<RangeVector> {
  return expr.kind === 'matrix' ? Promise.resolve(selectRange(expr, context)) : evaluateSubquery(expr, context)
}

function selectRange({ selector, range }: MatrixSelector, context: Context): RangeVector {
  const { grid } = context
  const pinned = pinnedTime(selector, context)
  const first = (pinned ?? grid.start) - selector.offset
  const step = pinned === undefined ? grid.step : 0
  const last = first + (grid.steps - 1) * step
  const found = context.source.select(selector.matchers)
  function* series(): Generator<RangeSeries> {
    for (const one of found) {
      const load = (into: SampleBuffer) => {
        one.read(first - range, last, into)
        into.dropStale()
      }
      yield { labels: one.labels, dropName: false, load }
    }
  }
  return { series: series(), rangeMs: range, endAt: (k) => first + k * step }
}

/** The inner expression at its own steps, which are multiples of its interval whatever the query's start is. */
async function evaluateSubquery(expr: Subquery, context: Context): Promise<RangeVector> {
  const { grid } = context
  const pinned = pinnedTime(expr, context)
  const first = (pinned ?? grid.start) - expr.offset
  const step = pinned === undefined ? grid.step : 0
  const last = first + (grid.steps - 1) * step
  const inner = subqueryGrid(expr, context, first - expr.range, last)
  const matrix = await context.evaluate.vector(expr.expr, { ...context, grid: inner })
  function* series(): Generator<RangeSeries> {
    for (let row = 0; row < matrix.rows; row++) {
      const at = row * inner.steps
      const load = (into: SampleBuffer) => {
        for (let k = 0; k < inner.steps; k++) {
          if (matrix.present[at + k] === 0) continue
          into.push(inner.start + k * inner.step, matrix.values[at + k]!, false)
        }
      }
      yield { labels: matrix.labels[row]!, dropName: matrix.dropName[row]!, load }
    }
  }
  return { series: series(), rangeMs: expr.range, endAt: (k) => first + k * step }
}

function subqueryGrid(expr: Subquery, context: Context, after: number, last: number): Grid {
  const step = expr.step === 0 ? context.defaultStepMs : expr.step
  let start = step * Math.trunc(after / step)
  if (start <= after) start += step
  const steps = last < start ? 0 : Math.floor((last - start) / step) + 1
  if (steps > MAX_SUBQUERY_STEPS) {
    throw failed('query processing would load too many samples into memory in query execution')
  }
  return { start, step, steps }
}

/** More than this for even one series is past any limit of samples. */
const MAX_SUBQUERY_STEPS = 10_000_000
