/** Why a command ended as it did; a script can tell wrong from slow from broken. */
export const EXIT = {
  ok: 0,
  /** The learner's work, answer or input is not right yet. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** Not wrong, only not visible yet when the deadline came. */
  slow: 3,
  /** The lab's own fault or the machine's: a port, a disk, a dead backend. */
  broken: 4,
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

export interface LabErrorOptions {
  /** What to do now, ending in a command to type where there is one. */
  hint?: string
  /** Process exit code; `broken` unless said otherwise. */
  exit?: ExitCode
  cause?: unknown
}

/**
 * A failure that the user can understand and mend. `message` says what happened and why,
 * `hint` the next command to type. A bug of ours is a plain Error instead.
 */
export class LabError extends Error {
  readonly code: string
  readonly hint: string | undefined
  readonly exit: ExitCode

  /** @param code stable, for scripts and tests, such as `port-taken` */
  constructor(code: string, message: string, options: LabErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'LabError'
    this.code = code
    this.hint = options.hint
    this.exit = options.exit ?? EXIT.broken
  }
}

/** A query that cannot be answered as written. Printed with a caret under `position`. */
export class QueryError extends Error {
  readonly query: string
  /** Offset into `query`, in UTF-16 code units, from 0. */
  readonly position: number
  /** Length of the faulty part, at least 1. */
  readonly length: number

  constructor(message: string, query: string, position: number, length = 1) {
    super(message)
    this.name = 'QueryError'
    this.query = query
    this.position = position
    this.length = Math.max(1, length)
  }
}
