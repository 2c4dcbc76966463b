import type { Sighting } from './measure.ts'
import type { PollOptions } from './poll.ts'

/** A run of the program, as the watchers see it while it goes on. */
export interface ObservedRun {
  readonly runId: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** Undefined while it runs. */
  endedAt: number | undefined
  /** Trace ids that it is known to have made: told by its own output, by its logs, or by a search. */
  readonly traceIds: Set<string>
  /** Those of them that nothing but a search told: they may have been there by their id long before. */
  readonly lateIds: Set<string>
  /** When its last root span ended, once that is known. */
  lastSpanEnd: number | undefined
}

export interface Watch {
  sightings: Sighting[]
  /** All that was expected came in time. */
  complete: boolean
}

export type WatchOptions = Omit<PollOptions, 'stepMs'>
