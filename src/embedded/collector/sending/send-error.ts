/** Why a request did not go out, and whether sending it again makes sense. */
export class SendError extends Error {
  readonly permanent: boolean
  /** What the other side asked to be left alone for. */
  readonly throttleMs: number
  /** Not the other side's fault: we are stopping. */
  readonly shutdown: boolean
  /** The backend's own gRPC code. */
  readonly code: number | undefined

  constructor(
    message: string,
    options: {
      permanent?: boolean
      throttleMs?: number
      shutdown?: boolean
      code?: number | undefined
    } = {},
  ) {
    super(message)
    this.name = 'SendError'
    this.permanent = options.permanent ?? false
    this.throttleMs = options.throttleMs ?? 0
    this.shutdown = options.shutdown ?? false
    this.code = options.code
  }

  static from(error: unknown): SendError {
    if (error instanceof SendError) return error
    return new SendError(error instanceof Error ? error.message : String(error))
  }

  saying(what: string): SendError {
    return new SendError(`${what}: ${this.message}`, this)
  }

  cutShort(): SendError {
    return new SendError(`interrupted due to shutdown: ${this.message}`, { ...this, shutdown: true })
  }
}
