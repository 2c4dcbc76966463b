import type { Labels } from '../store/labels.ts'

export interface RangeOptions {
  /** Milliseconds since the epoch, both ends included. */
  start: number
  end: number
  /** Milliseconds, above 0. */
  step: number
}

export interface EvaluationOptions {
  /** How far back an instant vector looks for a sample. */
  lookbackMs: number
  /** Milliseconds since the epoch at which to give up. */
  deadline: number
}

/** Times in milliseconds since the epoch. */
export type QueryData =
  | { resultType: 'vector'; result: { labels: Labels; time: number; value: number }[] }
  | { resultType: 'matrix'; result: { labels: Labels; times: ArrayLike<number>; values: ArrayLike<number> }[] }
  | { resultType: 'scalar'; time: number; value: number }
  | { resultType: 'string'; time: number; value: string }

export interface QueryAnswer {
  data: QueryData
  warnings: string[]
  infos: string[]
}

/**
 * What the API asks of a query language. Throws QueryError for a query that cannot be read, EvaluationError for
 * one that cannot be answered.
 */
export interface QueryEngine {
  instant(query: string, time: number, options: EvaluationOptions): QueryAnswer
  range(query: string, range: RangeOptions, options: EvaluationOptions): QueryAnswer
  /** The query, laid out. */
  format(query: string): string
}

/** A well-formed query that failed while it ran: answered 422, or 503 when it took too long. */
export class EvaluationError extends Error {
  readonly kind: 'execution' | 'timeout' | 'canceled'
  constructor(kind: EvaluationError['kind'], message: string) {
    super(message)
    this.name = 'EvaluationError'
    this.kind = kind
  }
}
