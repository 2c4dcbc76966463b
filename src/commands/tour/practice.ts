import { join } from 'node:path'
import { beginTemporary, changeFile, endTemporary } from '../../config-change.ts'
import type { Engine } from '../../engine.ts'
import {
  type CheckResult,
  checkAttempt,
  driveAttempt,
  type Exercise,
  loadCourse,
  type Report,
} from '../../exercises.ts'
import { openExerciseLab } from '../../lab/exercise-lab.ts'
import { liveLine } from '../../ui/live-line.ts'
import { paint } from '../../ui/paint.ts'
import { packageRoot } from '../../util/package-root.ts'
import type { Workspace } from '../../workspace.ts'
import { renderDiff } from '../config/view.ts'
import { renderEvent, renderResult } from '../exercise/view.ts'

export interface TourLab {
  workspace: Workspace
  engine: Engine
  signal: AbortSignal
  env: Record<string, string | undefined>
  quiet: boolean
  say: (text: string) => void
  /** What is shown as it is, such as lines of a file. */
  show: (text: string) => void
}

/** What each attempt came to: as the lab stands, and with the change. */
export interface Practised {
  asShipped: Report['verdict']
  changed: Report['verdict']
}

/** The tour's own exercise, which is none of the learner's. */
export async function loadPractice(): Promise<Exercise> {
  const { exercises } = await loadCourse(join(packageRoot(), 'tour'), 'tour')
  return exercises[0]!
}

/**
 * An attempt that fails, a change of the config, an attempt that passes. The config is put back whatever comes of it,
 * also when this process is killed, and nothing is recorded: the learner's exercises are as they were.
 */
export async function practise(exercise: Exercise, { quiet, say, ...of }: TourLab): Promise<Practised> {
  const { workspace, engine } = of
  const p = paint()
  const line = liveLine({ quiet })
  const tell = (text: string) => {
    line.show(undefined)
    say(text)
  }
  const lab = await openExerciseLab({ ...of, onWait: line.show })
  const attempt = async () => {
    const driven = await driveAttempt(lab, exercise.drive, { onEvent: (event) => tell(renderEvent(event)) })
    const onResult = (result: CheckResult) => tell(renderResult(result))
    return (await checkAttempt(lab, exercise, driven, { onResult })).verdict
  }

  tell('As the lab is:')
  const asShipped = await attempt()
  const configLab = { workspace, engine, now: () => new Date() }
  const change = changeFile('collector', exercise.solution.edits ?? [])
  const { id, outcome } = await beginTemporary(configLab, change, { why: 'the tour', owner: 'process' })
  try {
    tell('\nThe config is patched, for this tour only:\n')
    of.show(`${renderDiff(outcome.diff, p)}\n`)
    tell(`${p.green('✓')} ${outcome.file.service} runs with it now`)
    return { asShipped, changed: await attempt() }
  } finally {
    const back = await endTemporary(configLab, id)
    if (back?.restored) tell(`${p.green('✓')} ${back.shown} is as it was before`)
  }
}
