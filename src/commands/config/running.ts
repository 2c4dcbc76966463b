import type { ConfigKey } from '../../config-change.ts'
import type { Workspace } from '../../workspace.ts'
import type { LabCommand } from '../base.ts'
import { renderDiff } from './view.ts'

/** `config diff --running`: the files against what the services have read. */
export async function diffRunning(
  out: Pick<LabCommand, 'log' | 'verbatim'>,
  workspace: Workspace,
  keys: readonly ConfigKey[],
) {
  const [{ openEngine }, { driftOf }, { unifiedDiff }, { paint }] = await Promise.all([
    import('../../engine/choose.ts'),
    import('../../config-change.ts'),
    import('../../collector-config.ts'),
    import('../../ui/paint.ts'),
  ])
  const p = paint()
  const engine = await openEngine(workspace)
  const drifts = await Promise.all(keys.map((key) => driftOf(workspace, engine, key)))
  const files = drifts.map(({ key, shown, state, service, running, file }) => {
    const diff =
      state === 'differs' ? unifiedDiff(running ?? '', file ?? '', { from: `${service}, running`, to: shown }) : ''
    return { file: key, service, state, diff }
  })
  for (const { diff, service } of files.filter(({ state }) => state === 'differs')) {
    out.verbatim(`${renderDiff(diff, p)}\n`)
    out.log(`→ otel-lab restart ${service}\n`)
  }
  const named = (state: string) => files.filter((file) => file.state === state).map(({ file }) => file)
  if (named('same').length > 0) out.log(`${p.green('✓')} ${named('same').join(', ')}: what runs is what the file says`)
  if (named('unknown').length > 0) {
    const why = engine.runningConfig ? 'it does not run' : `the ${engine.kind} engine cannot tell`
    out.log(`${p.yellow('?')} ${named('unknown').join(', ')}: ${why}`)
  }
  return { files }
}
