/** A well-formed query that failed while it ran. */
export class EvaluationError extends Error {
  readonly kind: 'execution' | 'timeout' | 'canceled'

  constructor(kind: EvaluationError['kind'], message: string) {
    super(message)
    this.name = 'EvaluationError'
    this.kind = kind
  }
}

/** Prometheus's words for a failed calculation. */
export const failed = (message: string) => new EvaluationError('execution', message)

export const SAME_LABELSET = 'vector cannot contain metrics with the same labelset'
