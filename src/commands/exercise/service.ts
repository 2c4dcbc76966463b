import { existsSync } from 'node:fs'
import { changeConfig, changeFile } from '../../config-change.ts'
import type { Engine } from '../../engine.ts'
import {
  type Checked,
  type CheckOptions,
  checkAnswers,
  checkNew,
  drive,
  type Exercise,
  fill,
  learnerValues,
  openProgress,
  type Progress,
  placeSolution,
  restoreStart,
  solve,
} from '../../exercises.ts'
import type { Workspace } from '../../workspace.ts'

export function progressOf(workspace: Workspace): Progress {
  const progress = openProgress({
    progressFile: workspace.statePath('progress.json'),
    attemptFile: (key) => workspace.statePath('attempts', `${key.replaceAll('/', '+')}.json`),
    learnerFile: workspace.statePath('learner'),
    keysDir: workspace.statePath('keys'),
  })
  return {
    ...progress,
    async record(exercise, report, evidence, now) {
      await progress.record(exercise, report, evidence, now)
      if ((await toldTo(workspace)) === undefined) return
      const [{ tellClass }, { hintsShown = 0, applied = false }] = await Promise.all([
        import('../class/membership.ts'),
        progress.of(exercise),
      ])
      await tellClass(workspace, exercise, report, { hints: hintsShown, applied, at: now.getTime() })
    },
  }
}

/** The class that is told how a check goes; undefined for who is in none, and then nothing of it is loaded. */
export async function toldTo(workspace: Workspace): Promise<string | undefined> {
  if (!existsSync(workspace.statePath('class.json'))) return undefined
  const { membershipOf } = await import('../class/membership.ts')
  return (await membershipOf(workspace).read())?.className
}

/** Judges the attempt that the given answers belong to, or a new one. */
export function check(options: CheckOptions & { given: Record<string, string> }): Promise<Checked> {
  return Object.keys(options.given).length > 0 ? checkAnswers(options) : checkNew(options)
}

/** Does the exercise's step: edits the config as the solution says, or reads the answers off an attempt. */
export async function apply(
  options: Omit<CheckOptions, 'ask' | 'onResult'> & { workspace: Workspace; engine: Engine },
): Promise<{ changed: boolean; answers: Record<string, string> }> {
  const { lab, exercise, progress, workspace, engine } = options
  const values = await learnerValues(exercise, progress)
  const { edits, answers: toRead } = fill(exercise.solution, values)
  const placed = await placeSolution(exercise, workspace.root, values)
  const changed = (edits ? await edit(workspace, engine, edits) : false) || placed.length > 0
  let answers: Record<string, string> = {}
  if (toRead) {
    const attempt = await drive(options)
    answers = await solve({ lab, attempt }, exercise.solution)
    await progress.keepAttempt(exercise, { ...attempt, answers })
  }
  await progress.patch(exercise, { applied: true })
  return { changed, answers }
}

/** Forgets what was done, takes back what --apply did to the config, and puts the programs back as they came. */
export async function reset(
  options: Pick<CheckOptions, 'exercise' | 'progress'> & { workspace: Workspace; engine: Engine },
): Promise<{ changed: boolean; kept: string[] }> {
  const { exercise, progress, workspace, engine } = options
  const { applied } = await progress.of(exercise)
  const { undo } = fill(exercise.solution, await learnerValues(exercise, progress))
  const changed = applied && undo ? await edit(workspace, engine, undo) : false
  await progress.reset(exercise)
  const kept = await restoreStart(exercise, workspace.root, await learnerValues(exercise, progress))
  return { changed, kept }
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
