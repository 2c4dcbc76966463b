import type { Competency, Track } from './format/competencies.ts'
import type { DriveSpec } from './format/drive.ts'
import type { ParameterSpec } from './format/parameters.ts'
import type { RequirementSpec } from './format/requires.ts'
import type { AnswerSpec, Hint, MoreSpec, SolutionFile, WrongSpec } from './format/teaching.ts'

export type { DriveSpec, DriveStep, OutageStep, Stoppable } from './format/drive.ts'
export type { ParameterSpec } from './format/parameters.ts'
export type { RequirementSpec } from './format/requires.ts'
export type { AnswerSpec, Hint, SolutionFile, WrongSpec } from './format/teaching.ts'

/** What every check has, whatever its kind; the kind's own parameters stand beside. */
export interface CheckSpec {
  /** Names it in hints, progress and --json. */
  id: string
  /** Which of src/exercises/checks. */
  check: string
  /** level: it must hold each time; edge: it must have happened once. level unless said. */
  when?: 'level' | 'edge'
  title: string
  /** What a pass looks like; the kind's own words unless said. */
  expected?: string
  /** Why it matters; the kind's own words unless said. */
  why?: string
  [parameter: string]: unknown
}

/** exercises/NN-slug/exercise.yaml, read and found right (format.ts is its schema). */
export interface Exercise {
  number: number
  slug: string
  title: string
  /** One sentence for the list. */
  goal: string
  minutes: number
  track?: Track
  competencies?: Competency[]
  /** Programs that the learner begins with. */
  start?: string[]
  parameters?: Record<string, ParameterSpec>
  requires?: RequirementSpec[]
  drive: DriveSpec
  checks: CheckSpec[]
  answers?: AnswerSpec[]
  hints: Hint[]
  wrong: WrongSpec[]
  /** Told after a pass. */
  learned: string
  /** Where the official documentation says more. */
  more?: MoreSpec[]
  /** README.md of the exercise: what the learner reads. `${name}` stands for parameters. */
  text: string
  solution: SolutionFile
  /** README.md of the solution. */
  solutionText: string
  /** Where its folder and its solution's are. */
  folder: string
  solutionFolder: string
  /** The course that it belongs to: `otel-lab` for the built-in one. */
  course: string
  /** SHA-256 over its files: evidence names what was judged. */
  digest: string
  /** A built-in exercise that is not as it was shipped. */
  changed: boolean
}
