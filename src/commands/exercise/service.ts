import { changeConfig, changeFile } from '../../config-change.ts'
import type { Engine } from '../../engine.ts'
import {
  type Attempt,
  type AttemptEvent,
  type CheckResult,
  checkAttempt,
  driveAttempt,
  type Exercise,
  type ExerciseLab,
  openAnswers,
  openProgress,
  type Report,
  solve,
} from '../../exercises.ts'
import type { Workspace } from '../../workspace.ts'

export type Progress = ReturnType<typeof openProgress>

export function progressOf(workspace: Workspace): Progress {
  return openProgress({
    progressFile: workspace.statePath('progress.json'),
    attemptFile: (slug) => workspace.statePath('attempts', `${slug}.json`),
  })
}

export interface CheckOptions {
  lab: ExerciseLab
  exercise: Exercise
  progress: Progress
  /** Answers given with this command. */
  given: Record<string, string>
  /** Asks the learner for those that are missing; absent where there is nobody to ask. */
  ask?: (attempt: Attempt, keys: string[]) => Promise<Record<string, string>>
  onEvent?: (event: AttemptEvent) => void
  onResult?: (result: CheckResult) => void
}

export interface Checked {
  report: Report
  attempt: Attempt
  /** Answers that are still to be given. */
  open: string[]
  /** The solution answered, as --apply has told it to. */
  solved: boolean
}

/** Judges the attempt that the given answers belong to, or a new one. */
export async function check(options: CheckOptions): Promise<Checked> {
  const { lab, exercise, progress, given, ask, onEvent, onResult } = options
  const asks = exercise.answers !== undefined
  const waiting = asks ? await progress.openAttempt(exercise.slug, lab.now()) : undefined
  const isMeant =
    Object.keys(given).length > 0 || (waiting && !waiting.graded && openAnswers(exercise, waiting.answers).length === 0)
  const found = waiting && isMeant ? waiting : await driveAttempt(lab, exercise.attempt, onEvent)
  const attempt: Attempt = { ...found, answers: { ...found.answers, ...given } }
  // Kept before it is judged: whoever is interrupted while answering can go on with it.
  if (asks) await progress.keepAttempt(exercise.slug, attempt)
  let solved = false
  const answer = async () => {
    const open = openAnswers(exercise, attempt.answers)
    if (open.length === 0) return attempt.answers
    if (ask) Object.assign(attempt.answers, await ask(attempt, open))
    else if ((await progress.of(exercise.slug)).applied && Object.keys(given).length === 0) {
      solved = true
      Object.assign(attempt.answers, await solve({ lab, attempt }, exercise.solution))
    }
    return attempt.answers
  }
  const report = await checkAttempt(lab, exercise, attempt, {
    ...(onResult ? { onResult } : {}),
    ...(asks ? { answer } : {}),
  })
  await progress.record(exercise.slug, report, new Date(lab.now()))
  if (report.verdict === 'passed') await progress.closeAttempt(exercise.slug)
  else if (asks) await progress.keepAttempt(exercise.slug, { ...attempt, graded: true })
  return { report, attempt, open: openAnswers(exercise, attempt.answers), solved }
}

/** Does the exercise's step: edits the config as the solution says, or reads the answers off an attempt. */
export async function apply(
  options: Omit<CheckOptions, 'given' | 'ask' | 'onResult'> & { workspace: Workspace; engine: Engine },
): Promise<{ changed: boolean; answers: Record<string, string> }> {
  const { lab, exercise, progress, workspace, engine, onEvent } = options
  const { edits, answers: toRead } = exercise.solution
  const changed = edits ? await edit(workspace, engine, edits) : false
  let answers: Record<string, string> = {}
  if (toRead) {
    const attempt = await driveAttempt(lab, exercise.attempt, onEvent)
    answers = await solve({ lab, attempt }, exercise.solution)
    await progress.keepAttempt(exercise.slug, { ...attempt, answers })
  }
  await progress.patch(exercise.slug, { applied: true })
  return { changed, answers }
}

/** Forgets what was done, and takes back what --apply did to the config. */
export async function reset(
  options: Pick<CheckOptions, 'exercise' | 'progress'> & { workspace: Workspace; engine: Engine },
): Promise<{ changed: boolean }> {
  const { exercise, progress, workspace, engine } = options
  const { applied } = await progress.of(exercise.slug)
  const changed = applied && exercise.solution.undo ? await edit(workspace, engine, exercise.solution.undo) : false
  await progress.reset(exercise.slug)
  return { changed }
}

/** Writes edits to the collector's config and restarts it. False when all was so already. */
async function edit(
  workspace: Workspace,
  engine: Engine,
  edits: NonNullable<Exercise['solution']['edits']>,
): Promise<boolean> {
  const lab = { workspace, engine, now: () => new Date() }
  return (await changeConfig(lab, changeFile('collector', edits))).changed
}
