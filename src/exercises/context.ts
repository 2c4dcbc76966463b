import type { Attempt } from './attempt.ts'
import type { CheckSpec, Exercise } from './exercise.ts'
import type { ExerciseLab } from './lab.ts'
import type { Outcome } from './verdict.ts'

export interface CheckContext {
  lab: ExerciseLab
  exercise: Exercise
  attempt: Attempt
  /** The learner's, by key. */
  answers: Readonly<Record<string, string>>
}

/** One kind of check; what it looks for comes from exercise.yaml. */
export type Check = (context: CheckContext, spec: CheckSpec) => Promise<Outcome>

/** What every call to a backend is given. */
export const callOf = ({ signal }: ExerciseLab) => (signal ? { signal } : {})

/** From a little before the attempt to a little after now, in milliseconds. */
export const windowOf = ({ lab, attempt }: Pick<CheckContext, 'lab' | 'attempt'>) => ({
  start: attempt.startedAt - 5_000,
  end: lab.now() + 5_000,
})
