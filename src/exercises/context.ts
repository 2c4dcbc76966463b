import type { Attempt } from './attempt.ts'
import type { Exercise } from './exercise.ts'
import type { ExerciseLab } from './lab.ts'

export interface CheckContext {
  lab: ExerciseLab
  exercise: Exercise
  attempt: Attempt
  /** The learner's, by key. */
  answers: Readonly<Record<string, string>>
}

/** What every call to a backend is given. */
export const callOf = ({ signal }: Pick<ExerciseLab, 'signal'>) => (signal ? { signal } : {})

/** From a little before the attempt to a little after now, in milliseconds. */
export const windowOf = ({ lab, attempt }: { lab: Pick<ExerciseLab, 'now'>; attempt: { startedAt: number } }) => ({
  start: attempt.startedAt - 5_000,
  end: lab.now() + 5_000,
})
