/** The kinds of trouble that a scan or the disk can be in; the value of `error.type` on spans, logs and in --json. */
export type FaultCode =
  | 'not-found'
  | 'unreadable'
  | 'empty'
  | 'not-nifti'
  | 'unsupported'
  | 'wrong-dimensions'
  | 'too-large'
  | 'too-small'
  | 'no-such-volume'
  | 'truncated'
  | 'corrupt'
  | 'all-nan'
  | 'no-contrast'
  | 'no-brain'
  | 'out-of-memory'
  | 'disk-full'
  | 'write-failed'
  | 'interrupted'

/** Trouble that the user can understand and mend: `message` says what and why, `hint` what to do. */
export class ScanFault extends Error {
  readonly code: FaultCode
  readonly hint: string

  constructor(code: FaultCode, message: string, hint: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'ScanFault'
    this.code = code
    this.hint = hint
  }
}

/** The command line itself is wrong. */
export class UsageError extends Error {}
