/** Bytes that cannot be undone, in the words of Go's readers. */
export class InflateError extends Error {
  /** Whether they may well be good, and only too many. */
  readonly tooLarge: boolean
  constructor(message: string, tooLarge = false) {
    super(message)
    this.name = 'InflateError'
    this.tooLarge = tooLarge
  }
}

export const tooLarge = (maxBytes: number) => new InflateError(`it inflates to more than ${maxBytes} bytes`, true)
