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

/** Every failure by its name, for scripts and tests. */
export type ErrorCode =
  | 'answer-too-big'
  | 'answered'
  | 'app-env-broken'
  | 'app-failed'
  | 'attempt-changed'
  | 'backend-failed'
  | 'backend-foreign'
  | 'backend-refused'
  | 'backend-slow'
  | 'backend-unreachable'
  | 'bad-answer'
  | 'bad-answers'
  | 'bad-path'
  | 'bad-project'
  | 'bad-time'
  | 'bad-trace-id'
  | 'bad-url'
  | 'bundle-broken'
  | 'cannot-break'
  | 'cannot-configure'
  | 'cannot-listen'
  | 'cannot-replay'
  | 'cannot-stop'
  | 'command-not-found'
  | 'compose-invalid'
  | 'config-changed'
  | 'config-edit'
  | 'config-encoding'
  | 'config-invalid'
  | 'config-missing'
  | 'config-refused'
  | 'config-syntax'
  | 'config-unreadable'
  | 'course-broken'
  | 'daemon-elsewhere'
  | 'daemon-failed'
  | 'daemon-forbidden'
  | 'daemon-gone'
  | 'disk-failed'
  | 'disk-full'
  | 'env-missing'
  | 'external-unready'
  | 'fault-there'
  | 'faults-unreadable'
  | 'folder-foreign'
  | 'image-unknown'
  | 'images-missing'
  | 'in-a-class'
  | 'incident-on'
  | 'incident-unreadable'
  | 'journal-closed'
  | 'lab-busy'
  | 'lab-died'
  | 'lab-down'
  | 'lab-hung'
  | 'left'
  | 'network-foreign'
  | 'network-missing'
  | 'no-answers-left'
  | 'no-attempt'
  | 'no-bundle'
  | 'no-class'
  | 'no-config'
  | 'no-context'
  | 'no-course'
  | 'no-daemon'
  | 'no-fault'
  | 'no-grafana'
  | 'no-incident'
  | 'no-lab'
  | 'no-otlp'
  | 'no-page'
  | 'no-report'
  | 'no-run'
  | 'no-such-competency'
  | 'no-such-exercise'
  | 'no-such-fault'
  | 'no-such-path'
  | 'no-such-port'
  | 'no-such-service'
  | 'no-terminal'
  | 'no-trace'
  | 'not-asked'
  | 'not-built'
  | 'not-executable'
  | 'not-mounted'
  | 'not-ours'
  | 'not-ready'
  | 'not-sent'
  | 'not-started'
  | 'not-written'
  | 'nothing-to-do'
  | 'nothing-to-replay'
  | 'page-missing'
  | 'port-taken'
  | 'project-taken'
  | 'pull-failed'
  | 'pull-limited'
  | 'pull-offline'
  | 'query-refused'
  | 'query-too-long'
  | 'read-only'
  | 'relay-failed'
  | 'restore-failed'
  | 'scans-failed'
  | 'service-failed'
  | 'state-broken'
  | 'tail-ended'
  | 'timeout'
  | 'too-many-series'
  | 'unsolved'
  | 'url-missing'
  | 'usage'
  | 'volume-foreign'
  | 'volume-missing'
  | 'write-failed'

/** What a program reads of an error, whose message is for people. */
export interface ErrorFacts {
  /** The port that is taken. */
  port?: number
  /** The folder of the lab that holds it. */
  holder?: string
  /** At how many places it was looked for. */
  tried?: number
}

export interface LabErrorOptions {
  /** What to do now, ending in a command to type where there is one. */
  hint?: string
  /** Process exit code; `broken` unless said otherwise. */
  exit?: ExitCode
  cause?: unknown
  facts?: ErrorFacts
}

/**
 * A failure that the user can understand and mend. `message` says what happened and why,
 * `hint` the next command to type. A bug of ours is a plain Error instead.
 */
export class LabError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly exit: ExitCode
  readonly facts: ErrorFacts

  constructor(code: ErrorCode, message: string, options: LabErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'LabError'
    this.code = code
    this.hint = options.hint
    this.exit = options.exit ?? EXIT.broken
    this.facts = options.facts ?? {}
  }
}

/** A query that cannot be answered as written. Printed with a caret under `position`. */
export class QueryError extends Error {
  readonly query: string
  /** Offset into `query`, in UTF-16 code units, from 0. */
  readonly position: number
  /** Length of the faulty part, at least 1. */
  readonly length: number
  /** Another query that was perhaps meant, as a command to type. */
  hint?: string

  constructor(message: string, query: string, position: number, length = 1) {
    super(message)
    this.name = 'QueryError'
    this.query = query
    this.position = position
    this.length = Math.max(1, length)
  }
}
