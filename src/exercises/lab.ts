import type { Backends } from '../backends.ts'

export interface RunRequest {
  demo: 'normal' | 'stress' | 'slow'
  files?: number
  seed?: number
  runId: string
  onLine: (line: string) => void
}

export interface RunResult {
  exitCode: number
  startedAt: Date
  endedAt: Date
}

/** What an exercise needs of the lab. The command hands it in: exercises know neither engine nor workload. */
export interface ExerciseLab {
  backends: Backends
  newRunId(): string
  /** Runs the demo to its end under the run id. */
  run(request: RunRequest): Promise<RunResult>
  /** For the `${env:X}` of the collector's config. */
  env: Record<string, string | undefined>
  collector: {
    /** How the learner would type the config's path. */
    shown: string
    readConfig(): Promise<string>
    /** Its own output from then on; undefined when this engine cannot read it. */
    outputSince(time: Date): Promise<string | undefined>
  }
  /** Milliseconds after which what is not visible is slow. */
  deadline(signal: VisibleSignal): number
  /** Shown while something is waited for; undefined ends it. */
  onWait(text: string | undefined): void
  now(): number
  signal?: AbortSignal
}

export type VisibleSignal = 'trace-by-id' | 'trace-by-search' | 'logs' | 'metrics'

/** Something that happened in an attempt, as it happens. */
export interface AttemptEvent {
  /** Milliseconds since the epoch. */
  at: number
  text: string
}
