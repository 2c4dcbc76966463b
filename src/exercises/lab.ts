import type { Backends } from '../backends.ts'
import type { DiagnosisPorts } from '../diagnosis.ts'
import type { EngineKind, Tap } from '../engine.ts'
import type { DriveStep, OutageStep, Stoppable } from './exercise.ts'
import type { WalkStep } from './walks.ts'

/** A step of the drive that is a program; requests are sent by the exercise itself. */
export type ProgramStep = Exclude<DriveStep, { request: string } | OutageStep>

export interface RunRequest {
  /** With every `${name}` filled in, and a seed that is a number. */
  step: ProgramStep
  runId: string
  /** Ends it early. */
  timeoutMs: number
  /** Told the program's process id as soon as it runs. */
  onStart: (pid: number) => void
  onLine: (line: string, stream: 'stdout' | 'stderr') => void
}

export interface RunResult {
  exitCode: number
  startedAt: Date
  endedAt: Date
  /** Local ports from which the program's telemetry came by the way that the lab gave it; absent when it gave none. */
  ports?: number[]
  /** It was told another way for some of it. */
  elsewhere?: true
}

/** What an exercise needs of the lab. Whoever opens it hands it in: exercises know neither engine nor workload. */
export interface ExerciseLab {
  engine: EngineKind
  can: { logs: boolean; configure: boolean; stop: boolean }
  backends: Backends
  /** The learner's folder. */
  root: string
  newRunId(): string
  /** Runs a program to its end under the run id. */
  run(request: RunRequest): Promise<RunResult>
  /** Absent where the engine cannot stop one component by itself. */
  services?: { stop(name: Stoppable): Promise<void>; start(name: Stoppable): Promise<void> }
  /** For the `${env:X}` of the collector's config. */
  env: Record<string, string | undefined>
  /** Whether a program is on PATH. */
  hasProgram(name: string): Promise<boolean>
  collector: {
    /** How the learner would type the config's path. */
    shown: string
    /** The file. */
    readConfig(): Promise<string>
    /** What the collector has read when it started; undefined when this engine cannot tell. */
    runningConfig(): Promise<string | undefined>
    /** Its own output from then on, as the process wrote it; undefined when this engine cannot read it. */
    outputSince(time: Date): Promise<string | undefined>
    /** The same, of what it surely wrote itself; absent where the log is nobody else's to write. */
    saidSince?(time: Date): Promise<string | undefined>
  }
  /** What passes inside the collector; absent when this engine cannot look. */
  tap?: Tap
  /** What was clicked on the lab's page, of a run; absent where nobody keeps it. */
  walks?(runId: string): Promise<WalkStep[]>
  /** Where a run's telemetry died is asked here. */
  diagnosis: DiagnosisPorts
  /** Milliseconds after which what is not visible is slow. */
  deadline(signal: VisibleSignal): number
  /** What it was last measured to take in this lab, p95; undefined where nobody measured. */
  usual?(signal: VisibleSignal): number | undefined
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
