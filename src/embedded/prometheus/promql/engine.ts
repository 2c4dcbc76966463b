import { QueryError } from '../../../errors.ts'
import { compareLabels, type Labels } from '../../series/labels.ts'
import type { Expr, StringLiteral } from './ast.ts'
import { unwrapped } from './ast.ts'
import { Annotations } from './evaluate/annotations.ts'
import { Budget } from './evaluate/budget.ts'
import type { Context, Grid } from './evaluate/context.ts'
import { evaluateScalar, evaluateVector } from './evaluate/evaluate.ts'
import { findInvariant } from './evaluate/invariant.ts'
import { type Matrix, removeMarkedNames } from './evaluate/matrix.ts'
import { evaluateRange, isRange } from './evaluate/ranges.ts'
import { SampleBuffer } from './evaluate/sample-buffer.ts'
import { withoutStrayBytes } from './lex/bytes.ts'
import { parseExpr } from './parse.ts'
import { lineAndColumn } from './position.ts'
import type { SampleSource } from './source.ts'
import { documented, typeOf } from './validate.ts'

export interface EngineOptions {
  source: SampleSource
  /** Names that functions take away are taken away at the end only, as behind a feature flag of the real one. */
  delayedNameRemoval?: boolean
  /** Of subqueries without a step; 1 minute, the real default evaluation interval. */
  defaultStepMs?: number
  /** Samples that one query may hold at a time. */
  maxSamples?: number
  now: () => number
}

export interface RunOptions {
  lookbackMs: number
  /** Milliseconds since the epoch at which to give up. */
  deadline: number
}

export interface RangeSamples {
  labels: Labels
  times: ArrayLike<number>
  values: ArrayLike<number>
}

/** Times in milliseconds since the epoch. */
export type Value =
  | { resultType: 'vector'; result: { labels: Labels; time: number; value: number }[] }
  | { resultType: 'matrix'; result: RangeSamples[] }
  | { resultType: 'scalar'; time: number; value: number }
  | { resultType: 'string'; time: number; value: string }

export interface Answer {
  data: Value
  warnings: string[]
  infos: string[]
}

/** Nine bytes each. */
const MAX_SAMPLES = 20_000_000
const DEFAULT_STEP_MS = 60_000

/** Runs PromQL over a source. Its methods reject with QueryError or EvaluationError. */
export class Engine {
  readonly #options: EngineOptions

  constructor(options: EngineOptions) {
    this.#options = options
  }

  async instant(query: string, time: number, options: RunOptions): Promise<Answer> {
    const expr = parseExpr(query)
    const context = this.#context(expr, { start: time, step: 1, steps: 1 }, options)
    const root = unwrapped(expr)
    const type = typeOf(expr)
    if (type === 'string')
      return answer(query, context, {
        resultType: 'string',
        time,
        value: withoutStrayBytes((root as StringLiteral).value),
      })
    if (type === 'scalar') {
      const [value] = await evaluateScalar(expr, context)
      return answer(query, context, { resultType: 'scalar', time, value: value! })
    }
    if (isRange(root)) return answer(query, context, { resultType: 'matrix', result: await rangeResult(root, context) })
    const matrix = finished(await evaluateVector(expr, context), context)
    const result = matrix.labels.flatMap((labels, row) =>
      matrix.present[row] === 1 ? [{ labels, time, value: matrix.values[row]! }] : [],
    )
    return answer(query, context, { resultType: 'vector', result })
  }

  /** From `start` to `end`, both included, every `step` ms. */
  async range(
    query: string,
    range: { start: number; end: number; step: number },
    options: RunOptions,
  ): Promise<Answer> {
    const expr = parseExpr(query)
    const type = typeOf(expr)
    if (type !== 'scalar' && type !== 'vector') {
      const why = `invalid expression type "${documented(type)}" for range query, must be Scalar or instant Vector`
      throw new QueryError(why, query, 0, query.length)
    }
    const { start, end, step } = range
    const steps = Math.floor((end - start) / step) + 1
    const context = this.#context(expr, { start, step, steps }, options, end)
    if (type === 'scalar') {
      const values = await evaluateScalar(expr, context)
      const times = Array.from(values, (_, k) => start + k * step)
      return answer(query, context, { resultType: 'matrix', result: [{ labels: [], times, values }] })
    }
    const matrix = finished(await evaluateVector(expr, context), context)
    return answer(query, context, { resultType: 'matrix', result: seriesOf(matrix, context.grid) })
  }

  #context(expr: Expr, grid: Grid, { lookbackMs, deadline }: RunOptions, end = grid.start): Context {
    const { source, delayedNameRemoval = false, defaultStepMs = DEFAULT_STEP_MS, now } = this.#options
    return {
      source,
      grid,
      lookbackMs,
      defaultStepMs,
      delayedNameRemoval,
      queryStart: grid.start,
      queryEnd: end,
      invariant: findInvariant(expr),
      annotations: new Annotations(),
      evaluate: { vector: evaluateVector, scalar: evaluateScalar },
      budget: new Budget({ deadline, maxSamples: this.#options.maxSamples ?? MAX_SAMPLES, now }),
    }
  }
}

function answer(query: string, { annotations }: Context, data: Value): Answer {
  const place = (offset: number) => lineAndColumn(query, offset)
  return { data, warnings: annotations.texts('warning', place), infos: annotations.texts('info', place) }
}

const finished = (matrix: Matrix, { delayedNameRemoval, budget }: Context) =>
  delayedNameRemoval ? removeMarkedNames(matrix, budget) : matrix

async function rangeResult(expr: Expr & { kind: 'matrix' | 'subquery' }, context: Context): Promise<RangeSamples[]> {
  const result: RangeSamples[] = []
  const { series, rangeMs, endAt } = await evaluateRange(expr, context)
  const end = endAt(0)
  for (const { labels, load } of series) {
    const buffer = new SampleBuffer()
    load(buffer)
    context.budget.hold(buffer.length)
    if (context.budget.due) await context.budget.pause()
    let from = 0
    while (from < buffer.length && buffer.times[from]! <= end - rangeMs) from++
    if (from === buffer.length) continue
    result.push({
      labels,
      times: buffer.times.slice(from, buffer.length),
      values: buffer.values.slice(from, buffer.length),
    })
  }
  return result.sort((a, b) => compareLabels(a.labels, b.labels))
}

function seriesOf(matrix: Matrix, { start, step }: Grid): RangeSamples[] {
  const result: RangeSamples[] = []
  matrix.labels.forEach((labels, row) => {
    const times: number[] = []
    const values: number[] = []
    for (let k = 0, i = row * matrix.steps; k < matrix.steps; k++, i++) {
      if (matrix.present[i] === 0) continue
      times.push(start + k * step)
      values.push(matrix.values[i]!)
    }
    if (times.length > 0) result.push({ labels, times, values })
  })
  return result.sort((a, b) => compareLabels(a.labels, b.labels))
}
