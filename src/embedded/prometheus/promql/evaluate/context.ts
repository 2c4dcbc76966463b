import type { Expr } from '../ast.ts'
import type { SampleSource } from '../source.ts'
import type { Annotations } from './annotations.ts'
import type { Budget } from './budget.ts'
import type { Matrix } from './matrix.ts'

/** The times at which an expression is calculated: start, start + step, ... */
export interface Grid {
  start: number
  step: number
  steps: number
}

export interface Evaluators {
  vector(expr: Expr, context: Context): Promise<Matrix>
  scalar(expr: Expr, context: Context): Promise<Float64Array>
}

export interface Context {
  source: SampleSource
  grid: Grid
  lookbackMs: number
  /** Of a subquery that names no step. */
  defaultStepMs: number
  delayedNameRemoval: boolean
  /** Of the whole query, for `@ start()` and `@ end()`. */
  queryStart: number
  queryEnd: number
  /** Expressions that have the same value at every step. */
  invariant: ReadonlySet<Expr>
  annotations: Annotations
  /** Evaluates a part of the expression; given here so that the parts need not know the whole. */
  evaluate: Evaluators
  budget: Budget
}

export const timeAt = ({ grid }: Context, step: number) => grid.start + step * grid.step
