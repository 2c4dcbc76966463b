import type { Engine, EngineKind } from '../../engine.ts'
import { LabError } from '../../errors.ts'
import { reportUp } from '../../ui/progress.ts'
import { ensureScans } from '../../workload/scans.ts'
import { findWorkspace, type Workspace } from '../../workspace.ts'
import { renderStatus } from '../base/status-view.ts'

export interface StartOptions {
  engine?: EngineKind
  portOffset?: number
  quiet: boolean
  signal: AbortSignal
  say: (text: string) => void
}

/** The lab of this folder, made if need be, running and with scans. */
export async function startLab({
  say,
  signal,
  quiet,
  ...wanted
}: StartOptions): Promise<{ workspace: Workspace; engine: Engine }> {
  const { chooseEngine } = await import('../../engine/choose.ts')
  const workspace = await findWorkspace({ create: true })
  say(`${workspace.created ? 'A new lab' : 'The lab'} in ${workspace.root}`)
  const { engine, notes, replaces } = await chooseEngine(workspace, wanted)
  for (const note of notes) say(note)
  const told = notes.length
  const scans = ensureScans(workspace.inputDir, { signal })
  await reportUp((onEvent) => engine.up({ onEvent, signal, ...(replaces && { replaces }) }), { quiet })
    .catch((error) => {
      throw otherLab(error, wanted.portOffset ?? 0)
    })
    // Whatever came of it: scans half made would be left behind.
    .finally(() => {
      for (const note of notes.slice(told)) say(note)
      return scans
    })
  const { problem, files } = await scans
  if (problem) throw problem
  say(`\n${renderStatus(await engine.status(), await engine.endpoints())}`)
  say(`\n${files.length} scans in ${workspace.inputDir}`)
  return { workspace, engine }
}

/** A lab of another folder holds the ports: the tour can go on beside it. */
function otherLab(error: unknown, offset: number): unknown {
  if (!(error instanceof LabError) || error.code !== 'port-taken') return error
  const lab = error.facts.holder
  const there = lab ? `\nOr end the lab that holds them: OTEL_LAB_DIR=${lab} otel-lab down` : ''
  return new LabError(error.code, error.message, {
    hint: `Take the tour on other ports: otel-lab tour --port-offset ${offset + 1000}${there}`,
    exit: error.exit,
    cause: error,
  })
}
