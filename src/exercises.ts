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
 *   runLoop(ports, exercise)     the learner's loop: keys, edits and telemetry in, frames out
 *
 * All of them get the running lab as an `ExerciseLab`: they know neither engine nor workload.
 */
export type { Attempt } from './exercises/attempt.ts'
export { beginAnew } from './exercises/begin-anew.ts'
export { type BrokenExercise, type Course, findExercise, loadCourse } from './exercises/catalog.ts'
export { checkAttempt, type Report } from './exercises/check.ts'
export { driveAttempt } from './exercises/drive.ts'
export type { Exercise } from './exercises/exercise.ts'
export { COMPETENCIES, DOMAINS, TRACKS } from './exercises/format/competencies.ts'
export { choicesOf, openAnswers, parseAnswers } from './exercises/given.ts'
export { hintAt } from './exercises/hints.ts'
export type { Judging } from './exercises/judging.ts'
export type { AttemptEvent, ExerciseLab } from './exercises/lab.ts'
export { type LoopPorts, runLoop } from './exercises/loop/run.ts'
export type { Listed } from './exercises/loop/state.ts'
export { nextExercise } from './exercises/next.ts'
export { solve, timeOfDay } from './exercises/observe.ts'
export { openProgress, progressKey } from './exercises/progress.ts'
export type { ExerciseProgress } from './exercises/progress-entry.ts'
export { readReport, reportHtml } from './exercises/report/html.ts'
export { reportMarkdown } from './exercises/report/markdown.ts'
export { type CourseReport, reportOf, type Verified, verifyReport } from './exercises/report.ts'
export { resultsOf } from './exercises/results.ts'
export {
  beginWith,
  type Checked,
  type CheckOptions,
  checkAnswers,
  checkNew,
  drive,
  learnerValues,
  type Progress,
  waitingAttempt,
} from './exercises/session.ts'
export { solutionDiff } from './exercises/solution-diff.ts'
export { placeSolution } from './exercises/solution-files.ts'
export { restoreStart } from './exercises/start-files.ts'
export { fill } from './exercises/values.ts'
export type { CheckResult } from './exercises/verdict.ts'
export { openWalks, type WalkStep } from './exercises/walks.ts'
