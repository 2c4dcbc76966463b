import type { Engine } from '../../engine.ts'
import { type Exercise, loadCourse, type Report } from '../../exercises.ts'
import { liveLine } from '../../ui/live-line.ts'
import type { Workspace } from '../../workspace.ts'
import { openExerciseLab } from '../exercise/lab.ts'
import { apply, check, progressOf } from '../exercise/service.ts'
import { renderEvent, renderResult } from '../exercise/view.ts'

export interface TourLab {
  workspace: Workspace
  engine: Engine
  signal: AbortSignal
  env: Record<string, string | undefined>
  quiet: boolean
  say: (text: string) => void
}

export type Solve = (exercise: Exercise) => Promise<Report>

/** Each exercise, and how the tour goes through one: the first is shown failing as shipped, all pass by their solutions. */
export async function tourExercises({ quiet, say, ...of }: TourLab): Promise<{ exercises: Exercise[]; solve: Solve }> {
  const { exercises } = await loadCourse()
  const line = liveLine({ quiet })
  const tell = (text: string) => {
    line.show(undefined)
    say(text)
  }
  const lab = await openExerciseLab({ ...of, onWait: line.show })
  const progress = progressOf(of.workspace)
  const onEvent = (event: Parameters<typeof renderEvent>[0]) => tell(renderEvent(event))
  const onResult = (result: Parameters<typeof renderResult>[0]) => tell(renderResult(result))

  const solve: Solve = async (exercise) => {
    const shared = { lab, exercise, progress, onEvent }
    // What changes the config is worth seeing before and after.
    if (exercise.solution.edits && !(await progress.of(exercise)).applied) {
      tell('As shipped:')
      await check({ ...shared, given: {}, onResult })
      tell(`\nIts solution: ${exercise.solution.commands[0]}`)
    }
    const { answers } = await apply({ ...shared, ...of })
    const read = Object.entries(answers).map(([key, value]) => `${key} = ${value}`)
    if (read.length > 0) tell(`\nRead off this run: ${read.join('; ')}`)
    const { report } = await check({ ...shared, given: {}, onResult })
    return report
  }
  return { exercises, solve }
}
