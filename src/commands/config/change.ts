import { Flags } from '@oclif/core'
import type { Change, ConfigLab, Outcome } from '../../config-change.ts'
import type { ConfigProblem } from '../../engine.ts'
import { EXIT, LabError } from '../../errors.ts'
import type { LabCommand } from '../base.ts'
import { agreed, canAsk } from './agreed.ts'
import { renderDiff, renderProblem } from './view.ts'

export const changeFlags = {
  'dry-run': Flags.boolean({ description: 'show the change and do nothing' }),
  yes: Flags.boolean({ char: 'y', description: 'do not ask' }),
}

export interface ChangeResult {
  path: string
  changed: boolean
  applied: boolean
  diff: string
  backup?: string
  restarted?: boolean
  problems: ConfigProblem[]
}

export interface ChangeOptions {
  'dry-run': boolean
  yes: boolean
  /** Said when the new text is the old one. */
  nothing: string
  /** What to ask before it is written; the file's name stands for `%s`. */
  question?: string
  /** Said when it is written; the file's name stands for `%s`. */
  done?: string
  json: boolean
  /** Told between the diff and the question, such as what gives way. */
  remarks?: (outcome: Outcome) => string[]
}

type Out = Pick<LabCommand, 'log' | 'logToStderr' | 'verbatim'>

/** The lab that a change is about. Waiting is told on stderr, so that a pipe stays clean. */
export async function openConfigLab(command: Pick<LabCommand, 'logToStderr'>): Promise<ConfigLab> {
  const [{ findWorkspace }, { openEngine }] = await Promise.all([
    import('../../workspace.ts'),
    import('../../engine/choose.ts'),
  ])
  const workspace = await findWorkspace()
  const engine = await openEngine(workspace)
  return { workspace, engine, now: () => new Date(), onWait: (text) => command.logToStderr(text) }
}

/** Shows a change, asks where there is somebody to ask, makes it, and tells what came of it. */
export async function changeWith(
  command: Out,
  lab: ConfigLab,
  change: Change,
  options: ChangeOptions,
): Promise<ChangeResult> {
  const [{ changeConfig, ConfigRefused, planChange, shownPath }, { paint }] = await Promise.all([
    import('../../config-change.ts'),
    import('../../ui/paint.ts'),
  ])
  const p = paint()
  const show = (outcome: Outcome) => {
    const { diff, problems, text, file } = outcome
    command.verbatim(`${renderDiff(diff, p)}\n`)
    for (const problem of problems) command.log(`${renderProblem(problem, text, `${file.shown} (new)`, p)}\n`)
    for (const remark of options.remarks?.(outcome) ?? []) command.log(`${p.yellow('!')} ${remark}`)
  }
  const resultOf = ({ file, changed, diff, problems }: Outcome, applied: boolean): ChangeResult => ({
    path: file.path,
    changed,
    applied,
    diff,
    problems,
  })
  try {
    const asks = canAsk(options)
    let agreedChange = change
    if (options['dry-run'] || asks) {
      const plan = await planChange(lab, change)
      if (plan.changed) {
        show(plan)
        const question = (options.question ?? 'Write %s?').replace('%s', plan.file.shown)
        const no = options['dry-run'] ? 'Nothing was written (--dry-run).' : 'Nothing was written.'
        if (options['dry-run'] || !(await agreed(question))) {
          command.log(no)
          return resultOf(plan, false)
        }
      } else if (options['dry-run']) {
        command.log(`${p.green('✓')} ${options.nothing}`)
        return resultOf(plan, false)
      }
      agreedChange = asShown(change, plan)
    }
    const outcome = await changeConfig(lab, agreedChange)
    const { file, changed, backup, restarted } = outcome
    if (!changed) {
      const read = restarted ? ` ${file.service} had not read it yet; it runs with it now.` : ''
      command.log(`${p.green('✓')} ${options.nothing}${read}`)
      return { ...resultOf(outcome, false), restarted }
    }
    if (!asks) show(outcome)
    const then = restarted
      ? `; ${file.service} runs with it now`
      : '; the lab is not running, so it counts from the next start'
    const kept = backup === undefined ? '' : `\n  The old one: ${shownPath(backup)}`
    const done = (options.done ?? 'Wrote %s').replace('%s', file.shown)
    command.log(`${p.green('✓')} ${done}${then}.${kept}`)
    return { ...resultOf(outcome, true), ...(backup ? { backup } : {}), restarted }
  } catch (error) {
    if (error instanceof ConfigRefused) {
      const { unifiedDiff } = await import('../../collector-config.ts')
      const { file, text, problems } = error
      const name = `${file.shown} (new)`
      command.verbatim(`${renderDiff(unifiedDiff(file.text, text, { from: file.shown, to: name }), p)}\n`)
      const told = problems.filter(({ severity }) => severity === 'error')
      for (const problem of told) command.log(`${renderProblem(problem, text, name, p)}\n`)
    }
    throw error
  }
}

/** What was agreed to is what is written, or nothing. */
function asShown(change: Change, plan: Outcome): Change {
  return {
    ...change,
    make(text, file) {
      if (text === plan.file.text) return plan.text
      throw new LabError('config-changed', `${file.shown} was changed while you were asked; nothing was written`, {
        hint: 'Look at it, then try again: otel-lab config diff',
        exit: EXIT.failed,
      })
    },
  }
}
