import { EXIT, type ExitCode } from '../../errors.ts'
import { type Attempt, type Exercise, type Progress, resultsOf } from '../../exercises.ts'
import { openExerciseLab } from '../../lab/exercise-lab.ts'
import type { Workspace } from '../../workspace.ts'
import type { LabCommand } from '../base.ts'
import { askAnswers } from './ask.ts'
import * as service from './service.ts'
import {
  renderAnswersLeft,
  renderApplied,
  renderEnd,
  renderEvent,
  renderResult,
  renderVoid,
  renderWaiting,
} from './view.ts'

export const EXIT_OF = { passed: EXIT.ok, failed: EXIT.failed, slow: EXIT.slow, broken: EXIT.broken } as const

export interface Work {
  exercise: Exercise
  next: Exercise | undefined
  given: Record<string, string>
  workspace: Workspace
  progress: Progress
}

export interface ActFlags {
  check: boolean
  apply: boolean
  reset: boolean
  json: boolean
  signal: AbortSignal
  env: Record<string, string | undefined>
}

/** --reset, --apply, --check and --answer, in that order. */
export async function act(
  out: Pick<LabCommand, 'log'>,
  work: Work,
  flags: ActFlags,
): Promise<{ result: unknown; exit: ExitCode }> {
  const { exercise, workspace, progress } = work
  const { number, slug } = exercise
  const [{ openEngine }, { liveLine }, { canAsk }] = await Promise.all([
    import('../../engine/choose.ts'),
    import('../../ui/live-line.ts'),
    import('../../ui/prompt.ts'),
  ])
  const engine = await openEngine(workspace)
  if (flags.reset) {
    const { changed, kept } = await service.reset({ exercise, progress, workspace, engine })
    out.log(
      `Exercise ${number} is as new.${changed ? ' What --apply had put into the config is out again.' : ''}${kept.length > 0 ? ` Your program is kept: ${kept.join(', ')}` : ''}\n→ otel-lab exercise ${number}`,
    )
    return { result: { reset: slug, configChanged: changed, kept }, exit: EXIT.ok }
  }
  const line = liveLine({ quiet: flags.json })
  const say = (text: string) => {
    line.show(undefined)
    out.log(text)
  }
  const { signal, env } = flags
  const lab = await openExerciseLab({ workspace, engine, signal, env, onWait: line.show })
  const shared = {
    lab,
    exercise,
    progress,
    onEvent: (event: Parameters<typeof renderEvent>[0]) => say(renderEvent(event)),
  }
  const applied = flags.apply ? await service.apply({ ...shared, workspace, engine }) : undefined
  if (applied) say(renderApplied(exercise, applied))
  const judged = flags.check || Object.keys(work.given).length > 0
  if (!judged) return { result: { applied: slug, ...applied }, exit: EXIT.ok }

  const ask =
    !flags.json && canAsk() ? (attempt: Attempt, keys: string[]) => askAnswers(exercise, attempt, keys) : undefined
  if (Object.keys(work.given).length > 0) {
    const { waitingAttempt } = await import('../../exercises.ts')
    const waiting = await waitingAttempt({ exercise, progress, now: lab.now() })
    if (waiting) say(renderWaiting(waiting))
  }
  const { report, attempt, open, solved, guessesLeft, renewed } = await service.check({
    ...shared,
    given: work.given,
    ...(ask && !flags.apply ? { ask } : {}),
    onResult: (result) => say(renderResult(result)),
  })
  if (solved)
    say(`\nThe answers were read off by the solution (--apply). Try it yourself: otel-lab exercise ${number} --reset`)
  if (report.verdict === 'passed') out.log(renderEnd(exercise, work.next))
  else if (renewed) out.log(renderVoid(exercise, attempt, renewed))
  else if (open.length > 0) out.log(renderAnswersLeft(exercise, attempt, open))
  else if (report.verdict === 'failed') out.log(`\nstuck? otel-lab exercise ${number} --hint`)
  const told = await service.toldTo(workspace)
  if (told !== undefined) out.log(`\nThe class ${told} was told how it went.\n→ otel-lab class status`)
  const { said: _, before: __, steps: ___, ports: ____, ...shown } = renewed ?? attempt
  const result = {
    ...resultsOf(report),
    exercise: slug,
    number,
    ...report,
    openAnswers: open,
    solvedBySolution: solved,
    ...(exercise.answers ? { guessesLeft } : {}),
    ...(renewed ? { voided: attempt.runId } : {}),
    attempt: shown,
    ...(applied ? { applied } : {}),
  }
  return { result, exit: EXIT_OF[report.verdict] }
}
