import { LabError, QueryError } from '../errors.ts'
import type { Signal } from '../util/signal.ts'
import { type Door, SIGNAL_OF } from './door.ts'
import { type PollOptions, poll } from './poll.ts'
import { type Look, momentOf, type Sighting } from './sighting.ts'

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
  /** Those that are to become visible, where the collector can be asked: it may drop some on purpose. */
  readonly leaving: Set<string> | undefined
  /** Of which nothing came to the collector though it has ended and others did: it is not waited for. */
  readonly silent: Set<Signal>
  /** Told of each thing at once. */
  readonly onSighting?: (sighting: Sighting) => void
  /** Known to be lost for good: they are not waited for either. */
  readonly lost: Set<Signal>
}

export interface Watch {
  sightings: Sighting[]
  /** All that was expected came in time. */
  complete: boolean
}

export interface WatchOptions extends Pick<PollOptions, 'deadline' | 'now'> {
  signal: AbortSignal
  /** The least latency to be expected at a door: what is younger need not be looked for closely. */
  floor: (door: Door) => number
  /** After the end of the program, how long more of its traces may come to light; then all that are known are all. */
  quietMs: number
  /** What fails until the end is explained by a diagnosis: it is missing, and no error of the measurement. */
  explained: boolean
}

/** Something in an answer, and when it was made. */
export interface Found extends Pick<Sighting, 'what' | 'madeAt' | 'traceId' | 'sampledAt' | 'late'> {}

export interface Notebook {
  readonly sightings: Sighting[]
  has(what: string): boolean
  note(found: Found, look: Look): void
}

/** Each thing once, at its first sighting. */
export function notebook(door: Door, { runId, onSighting }: Pick<ObservedRun, 'runId' | 'onSighting'>): Notebook {
  const seen = new Set<string>()
  const sightings: Sighting[] = []
  return {
    sightings,
    has: (what) => seen.has(what),
    note(found, look) {
      if (seen.has(found.what)) return
      seen.add(found.what)
      const sighting = { door, runId, ...found, ...momentOf(look, found.madeAt) }
      sightings.push(sighting)
      onSighting?.(sighting)
    },
  }
}

/** Looks at a door during a run and after it, until `take` has seen all. */
export function pollRun<T>(
  door: Door,
  run: ObservedRun,
  { deadline, now, signal, floor, explained }: WatchOptions,
  ask: () => Promise<T>,
  take: (answer: T, look: Look) => boolean | Promise<boolean>,
): Promise<boolean> {
  // While it runs, things are made at any moment.
  const age = () => Math.max(floor(door), run.endedAt === undefined ? 0 : now() - run.endedAt)
  const until = () => (isOver(run, SIGNAL_OF[door]) ? 0 : deadline())
  // Our own questions are sound: what is refused is so by the backend's limits, for as long as they last.
  const askAgain = () =>
    ask().catch((error: unknown) => {
      if (!(error instanceof QueryError)) throw error
      throw new LabError('query-refused', `a backend refuses ${error.query}: ${error.message}`, {
        hint: 'otel-lab doctor',
      })
    })
  return poll({ deadline: until, now, signal, age, patient: true }, askAgain, take).catch((error: unknown) => {
    // A backend that is down, or refuses, is what it died of: the diagnosis tells, where there is one.
    if (explained && error instanceof LabError) return false
    throw error
  })
}

/** It does not come. */
export const isOver = ({ silent, lost }: Pick<ObservedRun, 'silent' | 'lost'>, signal: Signal) =>
  silent.has(signal) || lost.has(signal)

/** From a little before the run until a little after now. */
export const windowOf = (run: Pick<ObservedRun, 'startedAt'>, now: number) => ({
  start: run.startedAt - 1_000,
  end: now + 1_000,
})
