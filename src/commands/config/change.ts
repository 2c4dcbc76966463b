import { Flags } from '@oclif/core'
import type { Diagnostic } from '../../collector-config.ts'
import { EXIT, LabError } from '../../errors.ts'
import type { LabCommand } from '../base.ts'
import { agreed, applyText } from './apply.ts'
import { type LabFile, readLabFile, shownPath } from './files.ts'
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
  problems: Diagnostic[]
}

export interface ChangeOptions {
  'dry-run': boolean
  yes: boolean
  /** Said when the new text is the old one. */
  nothing: string
  json: boolean
}

/**
 * The way of every change to the collector's config: make it, check it, show it, ask, write it, restart, and put it
 * back when the collector refuses it. Throws LabError `config-invalid` before anything is written.
 */
export async function changeCollectorConfig(
  command: Pick<LabCommand, 'log'>,
  make: (text: string, file: LabFile) => string | Promise<string>,
  options: ChangeOptions,
): Promise<ChangeResult> {
  const [{ findWorkspace }, { openEngine }, { unifiedDiff }, { paint }] = await Promise.all([
    import('../../workspace.ts'),
    import('../../engine/choose.ts'),
    import('../../collector-config.ts'),
    import('../../ui/paint.ts'),
  ])
  const workspace = await findWorkspace()
  const file = await readLabFile(workspace, 'collector')
  const text = await make(file.text, file)
  const diff = unifiedDiff(file.text, text, { from: file.shown, to: `${file.shown} (new)` })
  const result = { path: file.path, changed: diff !== '', applied: false, diff }
  const p = paint()
  if (diff === '') {
    command.log(`${p.green('✓')} ${options.nothing}`)
    return { ...result, problems: [] }
  }
  command.log(`${renderDiff(diff, p)}\n`)
  const engine = await openEngine(workspace)
  const problems = await engine.validateCollectorConfig(text)
  if (problems.some(({ severity }) => severity === 'error')) {
    const told = problems.filter(({ severity }) => severity === 'error')
    for (const problem of told) command.log(`${renderProblem(problem, text, `${file.shown} (new)`, p)}\n`)
    throw invalid(told, file)
  }
  for (const problem of problems) command.log(`${renderProblem(problem, text, `${file.shown} (new)`, p)}\n`)
  if (options['dry-run']) {
    command.log('Nothing was written (--dry-run).')
    return { ...result, problems }
  }
  if (!options.json && !(await agreed(`Write ${file.shown}?`, options))) {
    command.log('Nothing was written.')
    return { ...result, problems }
  }
  const { backup, restarted } = await applyText(workspace, engine, file, text)
  const then = restarted
    ? `; ${file.service} runs with it now`
    : '; the lab is not running, so it counts from the next start'
  command.log(`${p.green('✓')} Wrote ${file.shown}${then}.\n  The old one: ${shownPath(backup)}`)
  return { ...result, applied: true, backup, restarted, problems }
}

function invalid(problems: Diagnostic[], file: LabFile): LabError {
  const [first] = problems
  const where = first?.line === undefined ? '' : ` (line ${first.line} of the new text)`
  const more = problems.length > 1 ? `, and ${problems.length - 1} more` : ''
  const message = first?.message
    .split('\n')
    .filter((row) => row !== '')
    .join(' ')
  return new LabError(
    'config-invalid',
    `${file.shown} stays as it is: the new text would be refused: ${message}${where}${more}`,
    {
      hint: first?.hint ?? 'otel-lab config validate',
      exit: EXIT.failed,
    },
  )
}
