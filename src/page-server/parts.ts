import type { Backends } from '../backends.ts'
import type { DiagnosisPorts, ObservedRun } from '../diagnosis.ts'
import type { Engine } from '../engine.ts'
import type { WalkStep } from '../exercises.ts'
import type { ExerciseAnswer, RunAnswer } from './answers.ts'

/** What the page is made of; whoever serves it hands it in. */
export interface PageParts {
  engine: Engine
  root: string
  /** The lab's backends as they are now: a lab may come up after the page. */
  backends(): Promise<Backends>
  /** The lab as a diagnosis looks at it. */
  diagnosis(signal: AbortSignal): Promise<DiagnosisPorts>
  /** What is known of a run, for a diagnosis. Throws LabError `no-run`. */
  observed(runId: string, ports: DiagnosisPorts): Promise<ObservedRun>
  exercises(): Promise<ExerciseAnswer[]>
  runs(): Promise<RunAnswer[]>
  /** For exercises that ask for the walk. */
  keepStep(step: WalkStep): Promise<void>
  /** Where the built page is. */
  files: string
  /** Names by which the page may be called, besides loopback's. */
  hosts: readonly string[]
  now(): number
}
