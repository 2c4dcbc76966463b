/**
 * Exercises: data that says what runs, what must be true of its telemetry, what is asked and what helps.
 *
 *   loadCourse(root?)            every exercise of a course, and those that are broken, each with file and line
 *   checkNew(options)            drives a new attempt and judges it; an event for each step and for each check
 *                                the moment it is decided; records progress
 *   checkAnswers(options)        judges answers for the attempt that waits for them (`waitingAttempt` says which)
 *   driveAttempt, checkAttempt   the two halves, with nothing kept: for tests, `course test`, a watch loop that judges
 *                                one attempt again and again
 *   openProgress(paths)          what a learner has done, in plain files
 *
 * All of them get the running lab as an `ExerciseLab`: they know neither engine nor workload.
 */
export type { Attempt } from './exercises/attempt.ts'
export { type BrokenExercise, findExercise, loadCourse } from './exercises/catalog.ts'
export { checkAttempt, type Report } from './exercises/check.ts'
export { driveAttempt } from './exercises/drive.ts'
export type { Exercise } from './exercises/exercise.ts'
export { choicesOf, openAnswers, parseAnswers } from './exercises/given.ts'
export { hintAt } from './exercises/hints.ts'
export type { AttemptEvent, ExerciseLab, RunRequest, VisibleSignal } from './exercises/lab.ts'
export { solve, timeOfDay } from './exercises/observe.ts'
export { openProgress } from './exercises/progress.ts'
export type { ExerciseProgress } from './exercises/progress-entry.ts'
export {
  type Checked,
  type CheckOptions,
  checkAnswers,
  checkNew,
  drive,
  learnerValues,
  type Progress,
  waitingAttempt,
} from './exercises/session.ts'
export { fill } from './exercises/values.ts'
export type { CheckResult } from './exercises/verdict.ts'
