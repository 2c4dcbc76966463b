import { existsSync } from 'node:fs'
import { LabError } from '../../errors.ts'

/** Takes back temporary config changes whose command is gone. Costs a look at one folder when there are none. */
export async function recoverLab(say: (text: string) => void): Promise<void> {
  const { findWorkspace } = await import('../../workspace.ts')
  // Whatever is wrong with the lab is for the command itself to tell.
  const workspace = await findWorkspace().catch(() => undefined)
  if (workspace === undefined || !existsSync(workspace.statePath('temporary'))) return
  const [{ recoverTemporary }, { openEngine }] = await Promise.all([
    import('../../config-change.ts'),
    import('../../engine/choose.ts'),
  ])
  try {
    const lab = { workspace, engine: await openEngine(workspace), now: () => new Date(), onWait: say }
    for (const { why, shown, restored, backup } of await recoverTemporary(lab)) {
      say(
        restored
          ? `! "${why}" was ended half way; ${shown} is as it was before it`
          : `! "${why}" was ended half way, and ${shown} was edited since: it stays. The text of before: ${backup}`,
      )
    }
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    say(`! a temporary change is still in the config: ${error.message}`)
  }
}
