import { type ConfigLab, changeConfig, shownPath } from '../config-change.ts'
import type { Exercise } from './exercise.ts'
import { learnerValues, type Progress } from './session.ts'
import { restoreStart } from './start-files.ts'

/**
 * Forgets what was done in an exercise. Where its work is in the collector's config or in a program that it began
 * with, that is put back as it came, and the learner's is kept. Says so.
 */
export async function beginAnew(exercise: Exercise, progress: Progress, config: ConfigLab): Promise<string> {
  const touches = (exercise.solution.edits ?? []).length > 0 && config.engine.can.configure
  const outcome = touches
    ? await changeConfig(config, { key: 'collector', orNone: true, make: (_, { original }) => original })
    : undefined
  await progress.reset(exercise)
  const programs = await restoreStart(exercise, config.workspace.root, await learnerValues(exercise, progress))
  const yours = programs.length > 0 ? ` Your program is kept: ${programs.join(', ')}` : ''
  if (!outcome?.changed) return `Exercise ${exercise.number} is as new.${yours}`
  const kept = outcome.backup ? ` Yours is kept: ${shownPath(outcome.backup)}` : ''
  return `Exercise ${exercise.number} is as new, and ${outcome.file.shown} is as it came.${kept}${yours}`
}
