/** Exit codes 0, 1, 3 and 4. Slow is not wrong: it has not come by its deadline, and nothing on the way is broken. */
export type VerdictKind = 'passed' | 'failed' | 'slow' | 'broken'

export interface Outcome {
  verdict: VerdictKind
  /** Which way of being wrong, for hints and scripts, such as `not-restarted`. */
  case?: string
  seen: string
  /** Instead of what the exercise says. */
  expected?: string
  why?: string
  /** The next command or act. */
  next?: string
  /** The command that asks by hand what was asked here. */
  query?: string
  /** Older data that was there and did not count. */
  stale?: string
  traceId?: string
  /** Of an answer: nobody has guessed, it only could not be judged. */
  free?: true
  /** Keys of the answers that are at fault; unless said, the one that the check judges. */
  about?: string[]
  /** What was judged; evidence holds its digest. */
  result?: unknown
}

export interface CheckResult extends Omit<Outcome, 'result'> {
  id: string
  title: string
  expected: string
  why: string
  /** SHA-256 of what was judged. */
  digest?: string
}

const RANK: VerdictKind[] = ['passed', 'slow', 'failed', 'broken']

/** The worst one. */
export function worst(verdicts: readonly VerdictKind[]): VerdictKind {
  return verdicts.reduce((a, b) => (RANK.indexOf(b) > RANK.indexOf(a) ? b : a), 'passed')
}

export const pass = (seen: string, more: Partial<Outcome> = {}): Outcome => ({ verdict: 'passed', seen, ...more })

export const fail = (name: string, seen: string, more: Partial<Outcome> = {}): Outcome => ({
  verdict: 'failed',
  case: name,
  seen,
  ...more,
})
