import type { Modifiers, VectorSelector } from '../ast.ts'
import type { Context } from './context.ts'
import { Matrix } from './matrix.ts'
import { SampleBuffer } from './sample-buffer.ts'

/** The moment that `@` names, before `offset`; undefined without one. */
export function pinnedTime({ at }: Modifiers, context: Context): number | undefined {
  if (at === undefined) return undefined
  if (at === 'start') return context.queryStart
  return at === 'end' ? context.queryEnd : at.ms
}

/**
 * A selector at every step: each series' newest sample within the lookback, unless it marks the series' end.
 * `what` is the sample's value, or when it was taken (in seconds) for timestamp().
 */
export async function evaluateSelector(
  selector: VectorSelector,
  context: Context,
  what: 'value' | 'time' = 'value',
): Promise<Matrix> {
  const { grid, lookbackMs, budget } = context
  const series = [...context.source.select(selector.matchers)]
  const matrix = new Matrix(grid.steps, Math.min(series.length, 1000), budget)
  const pinned = pinnedTime(selector, context)
  const first = (pinned ?? grid.start) - selector.offset
  const last = pinned === undefined ? first + (grid.steps - 1) * grid.step : first
  const buffer = new SampleBuffer()
  for (const one of series) {
    if (budget.due) await budget.pause()
    if (first === last) {
      const sample = one.last(first - lookbackMs, first)
      if (sample === undefined) continue
      const at = matrix.add(one.labels)
      matrix.values.fill(what === 'value' ? sample.value : sample.time / 1000, at, at + grid.steps)
      matrix.present.fill(1, at, at + grid.steps)
      continue
    }
    buffer.clear()
    one.read(first - lookbackMs, last, buffer)
    if (buffer.length === 0) continue
    fillRow(matrix, matrix.add(one.labels), buffer, first, context, what)
    matrix.dropIfEmpty()
  }
  return matrix
}

function fillRow(
  matrix: Matrix,
  at: number,
  samples: SampleBuffer,
  first: number,
  { grid, lookbackMs }: Context,
  what: 'value' | 'time',
): void {
  const { times, values, length } = samples
  const stale = samples.stale.length === 0 ? undefined : new Set(samples.stale)
  let i = -1
  for (let k = 0; k < grid.steps; k++) {
    const time = first + k * grid.step
    while (i + 1 < length && times[i + 1]! <= time) i++
    if (i < 0 || times[i]! <= time - lookbackMs || stale?.has(i)) continue
    matrix.set(at + k, what === 'time' ? times[i]! / 1000 : values[i]!)
  }
}
