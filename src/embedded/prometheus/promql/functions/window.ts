/** The samples of one series that a range function sees at one step. Reused from step to step. */
export interface Window {
  times: Float64Array
  values: Float64Array
  /** The samples are from <= i < to. */
  from: number
  to: number
  /** The range (start, end], in ms. */
  start: number
  end: number
  /** When the expression is evaluated: `end` without an offset. */
  time: number
  /** The scalar arguments, in order. */
  scalars: number[]
}

/** Undefined: no result at this step. */
export type WindowFunction = (window: Window) => number | undefined
