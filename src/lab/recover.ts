import { existsSync } from 'node:fs'
import { LabError } from '../errors.ts'

/** Takes back what a command that is gone left in the configs. Costs a look at two places when there is nothing. */
export async function recoverLab(say: (text: string) => void): Promise<void> {
  const { findWorkspace } = await import('../workspace.ts')
  // Whatever is wrong with the lab is for the command itself to tell.
  const workspace = await findWorkspace().catch(() => undefined)
  if (workspace === undefined) return
  const changes = existsSync(workspace.statePath('temporary'))
  const faults = existsSync(workspace.statePath('faults', 'record.json'))
  if (!changes && !faults) return
  const { openEngine } = await import('../engine/choose.ts')
  try {
    const lab = { workspace, engine: await openEngine(workspace), now: () => new Date(), onWait: say }
    if (changes) await takeBackChanges(lab, say)
    if (faults) await takeOutFaults(lab, say)
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    say(`! a temporary change is still in the config: ${error.message}`)
  }
}

type Lab = Parameters<typeof import('../config-change.ts').recoverTemporary>[0]

async function takeBackChanges(lab: Lab, say: (text: string) => void): Promise<void> {
  const { recoverTemporary } = await import('../config-change.ts')
  for (const { why, shown, restored, backup } of await recoverTemporary(lab)) {
    say(
      restored
        ? `! "${why}" was ended half way; ${shown} is as it was before it`
        : `! "${why}" was ended half way, and ${shown} was edited since: it stays. The text of before: ${backup}`,
    )
  }
}

async function takeOutFaults(lab: Lab, say: (text: string) => void): Promise<void> {
  const [{ restoreAbandoned }, { endIncident }] = await Promise.all([import('../faults.ts'), import('../incidents.ts')])
  const restored = await restoreAbandoned(lab)
  if (restored === undefined) return
  // What it was to break is not broken.
  await endIncident({ faults: lab })
  say('! a fault was put in by a command that was ended half way; it is out again, and the configs are as before')
  for (const path of restored.kept) say(`  What had been changed meanwhile is kept in ${path}`)
}
