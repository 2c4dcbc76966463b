import type { Door } from './door.ts'

/** One thing that became visible at one door. All in milliseconds, times since the epoch. */
export interface Sighting {
  door: Door
  /** Trace id, log line or series: whatever names it. */
  what: string
  /** Under which it was sent. */
  runId: string
  traceId?: string
  /** When it was made: the end of the span, the log's time, the metric's recording. */
  madeAt: number
  /** When the first answer with it was in hand, for one who asks all the time. */
  seenAt: number
  /** By so much the truth may lie to either side: half of what passed between the look that showed it and the one before. */
  errorMs: number
  /** How long the answer that showed it took; part of the latency. */
  queryMs: number
  /** It may have been there long before: nobody knew what to ask for. */
  late?: true
  /** When Prometheus fetched it, by the sample's own time. */
  sampledAt?: number
}

/** A look at a door: when it began and ended, and when the one before it began. */
export interface Look {
  before: number | undefined
  began: number
  ended: number
}

/**
 * The moment at which something became visible lies between the beginnings of the look before and of the look that
 * showed it, and not before its making: the middle is the best guess.
 */
export function momentOf(look: Look, madeAt: number): Pick<Sighting, 'seenAt' | 'errorMs' | 'queryMs'> {
  const from = Math.min(look.began, Math.max(look.before ?? madeAt, madeAt))
  const queryMs = look.ended - look.began
  // Clocks of the program and of ours may differ by a little: nothing is seen before it is made.
  return { seenAt: Math.max(madeAt, (from + look.began) / 2 + queryMs), errorMs: (look.began - from) / 2, queryMs }
}
