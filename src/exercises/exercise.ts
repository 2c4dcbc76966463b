import type { Edit } from '../collector-config.ts'

/** exercises/NN-slug/exercise.yaml; exercise.schema.json says the same to editors and to the loader. */
export interface ExerciseFile {
  title: string
  /** One sentence for the list. */
  goal: string
  minutes: number
  attempt: AttemptSpec
  checks: CheckSpec[]
  answers?: AnswerSpec[]
  hints: Hint[]
  /** Told after a pass. */
  learned: string
}

/** What a check lets run, so that it judges telemetry of its own and nothing older. */
export interface AttemptSpec {
  demo: 'normal' | 'stress' | 'slow'
  /** Only so many scans. */
  files?: number
  /** `random`: which scans break, and how, is another each time. */
  seed?: number | 'random'
  /** Note when the trace shows in Tempo, by id and by search. */
  watch?: boolean
}

export interface CheckSpec {
  /** Names it in hints, progress and --json. */
  id: string
  /** Which of src/exercises/checks. */
  check: string
  title: string
  expected: string
  why: string
  /** For checks of answers: the answer's key. */
  answer?: string
  /** For `answer-reason`: words for each kind of failure, by the `error.type` that telemetry gives it. */
  words?: Record<string, string[]>
}

export interface AnswerSpec {
  key: string
  ask: string
  /** How to write it, and how it is graded. */
  form: string
  /** May be left out when these are given. */
  unless?: string[]
}

export interface Hint {
  /** Only after this check failed, or this case of it: `output` or `output/not-restarted`. */
  after?: string
  text: string
}

/** solutions/NN-slug/solution.yaml */
export interface SolutionFile {
  /** What the learner would type. */
  commands: string[]
  /** To the collector's config. */
  edits?: Edit[]
  /** Takes the edits back. */
  undo?: Edit[]
  /** Answer -> what to read off the attempt; see src/exercises/observe.ts. */
  answers?: Record<string, string>
}

export interface Exercise extends ExerciseFile {
  number: number
  slug: string
  /** README.md of the exercise: what the learner reads. */
  text: string
  solution: SolutionFile
  /** README.md of the solution. */
  solutionText: string
}
