import { resolve } from 'node:path'
import { Args } from '@oclif/core'
import type { Diagnostic } from '../../collector-config.ts'
import { EXIT, LabError } from '../../errors.ts'
import { LabCommand } from '../base.ts'

export class ConfigValidate extends LabCommand {
  static override summary = 'Check a collector config without running it'
  static override description =
    "Tells every problem in the collector's own words, with the line and what to write instead. Ends with 1 when it is wrong."
  static override examples = [
    '<%= config.bin %> config validate',
    '<%= config.bin %> config validate other.yaml --json',
  ]
  static override enableJsonFlag = true
  static override args = { path: Args.string({ description: "a file; the lab's own unless said" }) }

  async run() {
    const { args } = await this.parse(ConfigValidate)
    const { path, text, problems } = args.path === undefined ? await ofLab() : await ofFile(resolve(args.path))
    const [{ countProblems, renderProblem }, { paint }, { shownPath }] = await Promise.all([
      import('./view.ts'),
      import('../../ui/paint.ts'),
      import('../../config-change.ts'),
    ])
    const p = paint()
    const valid = problems.every(({ severity }) => severity === 'warning')
    for (const problem of problems) this.log(`${renderProblem(problem, text, shownPath(path), p)}\n`)
    if (valid)
      this.log(
        `${p.green('✓')} ${shownPath(path)} is valid${problems.length > 0 ? `: ${countProblems(problems)}` : ''}`,
      )
    else {
      this.log(`${p.red('✗')} ${shownPath(path)}: ${countProblems(problems)}`)
      this.endWith(EXIT.failed)
    }
    return { path, valid, problems }
  }
}

interface Checked {
  path: string
  text: string
  problems: Diagnostic[]
}

/** The engine that the lab uses has the last word. */
async function ofLab(): Promise<Checked> {
  const [{ findWorkspace }, { openEngine }, { readConfigFile }] = await Promise.all([
    import('../../workspace.ts'),
    import('../../engine/choose.ts'),
    import('../../config-change.ts'),
  ])
  const workspace = await findWorkspace()
  const { path, text } = await readConfigFile(workspace, 'collector')
  const engine = await openEngine(workspace)
  return { path, text, problems: await engine.validateCollectorConfig(text) }
}

/** A file anywhere needs no lab. */
async function ofFile(path: string): Promise<Checked> {
  const [{ findWorkspace }, { openEngine }, { resolveConfig }, { readText }] = await Promise.all([
    import('../../workspace.ts'),
    import('../../engine/choose.ts'),
    import('../../collector-config.ts'),
    import('../../config-change.ts'),
  ])
  const text = await readText(path, 'otel-lab config validate --help')
  const workspace = await findWorkspace().catch((error) => {
    if (error instanceof LabError && error.code === 'no-lab') return undefined
    throw error
  })
  if (workspace === undefined) return { path, text, problems: resolveConfig(text, process.env).diagnostics }
  const engine = await openEngine(workspace)
  return { path, text, problems: await engine.validateCollectorConfig(text) }
}
