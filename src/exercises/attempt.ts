import type { CollectorCounter } from '../backends/collector-counters.ts'
import type { Way } from './format/drive.ts'
import type { SaidLine } from './said.ts'
import type { Values } from './values.ts'

/** When telemetry was first seen, and when it was last asked for and not there: the truth lies between. */
export interface Sighting {
  way: Way
  at: number
  lastMiss?: number
}

export interface StepResult {
  name: string
  /** As a learner would type it. */
  shown: string
  kind: 'demo' | 'program' | 'request'
  /** Milliseconds since the epoch, by this machine's clock. */
  startedAt: number
  endedAt: number
  /** Of a request its status, -1 when nobody answered. */
  exitCode: number
  timedOut: boolean
  /** Both streams, the newest 64 KiB. */
  output: string
}

/** One drive of an exercise, under a run id of its own. Plain data: it is kept between commands. */
export interface Attempt {
  runId: string
  /** Milliseconds since the epoch, by this machine's clock. */
  startedAt: number
  endedAt: number
  /** The first that is not as it should be, else the last. */
  exitCode: number
  steps: StepResult[]
  /** What the programs said of themselves as structured log lines. */
  said: SaidLine[]
  /** Trace ids that our own program named, in that order, and those of requests. */
  traces: string[]
  /** Trace ids that the lab made for requests. */
  asked: string[]
  /** Whether every program of it names its traces: what it did not name is not its own. */
  names: boolean
  /** Local ports from which its programs sent telemetry; absent when nobody can tell. */
  ports?: number[]
  /** One of them was told another way for some of it. */
  elsewhere?: true
  /** Process ids of its programs; absent in attempts of older versions. */
  pids?: number[]
  /** The collector's counters before it; absent when it tells none. */
  before?: CollectorCounter[]
  sightings: Sighting[]
  /** Of the exercise's parameters. */
  values: Values
  answers: Record<string, string>
  /** Answers that were wrong so far; see session.ts. */
  wrong: number
  /** Found when it was judged first; the tap forgets. */
  origin?: 'proven' | 'unknown'
  /** Of the verdict that these answers got. */
  graded?: boolean
}
