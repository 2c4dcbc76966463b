import type { Course } from './catalog.ts'
import type { Exercise } from './exercise.ts'
import { progressKey } from './progress.ts'
import type { ExerciseProgress } from './progress-entry.ts'

/** Where a learner goes on: the exercise that was open, unless it is passed; then the first one that is not. */
export function nextExercise(
  course: Pick<Course, 'exercises'>,
  all: Readonly<Record<string, ExerciseProgress>>,
  was: string | undefined,
): Exercise {
  const isOpen = (exercise: Exercise) => all[progressKey(exercise)]?.passedAt === undefined
  const last = course.exercises.find(({ course: name, slug }) => `${name}/${slug}` === was)
  if (last && isOpen(last)) return last
  return course.exercises.find(isOpen) ?? last ?? course.exercises[0]!
}
