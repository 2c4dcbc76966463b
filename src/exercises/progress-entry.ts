import type { Pass } from './evidence.ts'
import type { Seal } from './seal.ts'
import type { VerdictKind } from './verdict.ts'

export interface LastCheck {
  at: string
  verdict: VerdictKind
  failed: { id: string; case?: string }[]
}

export interface ExerciseProgress {
  checks: number
  passedAt?: string
  passedRun?: string
  /** What the newest pass rests on, signed by the lab with the attempt's key. */
  pass?: Pass
  seal?: Seal
  /** Why the pass does not count: it is not as the lab has written it. Never kept. */
  distrust?: string
  last?: LastCheck
  hintsShown?: number
  solutionAsked?: number
  /** Done by --apply before it was passed. */
  applied?: boolean
  /** What `edge` checks have seen, each signed. */
  happened?: Record<string, Happened>
  /** Counts up when parameters are drawn anew. */
  round?: number
}

export interface Happened {
  seen: string
  at: string
  digest: string
  seal: Seal
}
