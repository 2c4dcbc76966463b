import { checkUp } from '../../diagnosis.ts'
import type { Engine } from '../../engine.ts'
import type { Workspace } from '../../workspace.ts'
import type { Finding } from './finding.ts'

export interface Examination {
  signal: AbortSignal
  env: Record<string, string | undefined>
  tell: (finding: Finding) => void
  onWait: (text: string | undefined) => void
}

/** From the ground up: what stands on a broken thing is not asked. `all`: everything that was sent came out. */
export async function examine(options: Examination): Promise<{ all: boolean }> {
  const { env, tell } = options
  const [machine, stack, { findWorkspace }, { openEngine }, { LabError }] = await Promise.all([
    import('./machine.ts'),
    import('./stack.ts'),
    import('../../workspace.ts'),
    import('../../engine/choose.ts'),
    import('../../errors.ts'),
  ])
  tell(machine.checkNode(process.version))
  tell(machine.checkMemory())
  tell(await machine.checkDocker(env))
  const workspace = await findWorkspace({ env }).catch((error) => {
    if (!(error instanceof LabError)) throw error
    const next = error.hint ? { next: error.hint } : {}
    tell({ state: 'warning', title: 'Lab folder', seen: error.message, ...next })
  })
  if (!workspace) {
    tell(await stack.checkPorts(0))
    return { all: false }
  }
  tell(await machine.checkWritable(workspace.root))
  tell(await machine.checkDisk(workspace.root))
  const engine = await openEngine(workspace)
  const { findings, status } = await stack.checkServices({ workspace, engine, env })
  for (const finding of findings) tell(finding)
  if (!status.running) {
    tell(await stack.checkPorts((await workspace.state()).portOffset ?? 0))
    return { all: false }
  }
  for (const finding of await stack.checkConfigs(workspace, engine)) tell(finding)
  for (const finding of await stack.checkBackends(await engine.endpoints())) tell(finding)
  return examineWay(workspace, engine, options)
}

/** Whatever is broken so far: where it is on the way is what the learner wants to know. */
async function examineWay(
  workspace: Workspace,
  engine: Engine,
  { signal, env, tell, onWait }: Examination,
): Promise<{ all: boolean }> {
  const [{ diagnosisPorts }, { wayFindings }, { lastRunFindings }, { newRunId }, { readAppEnv }] = await Promise.all([
    import('../../lab/diagnosis-ports.ts'),
    import('./way.ts'),
    import('./last-run.ts'),
    import('../../workload.ts'),
    import('../../workspace.ts'),
  ])
  const ports = diagnosisPorts({ workspace, engine, endpoints: await engine.endpoints(), env, signal })
  // Before the probes, which would be newer.
  const last = await lastRunFindings(ports, workspace)
  onWait('looking for what was sent, at the far end; metrics wait for the next scrape')
  const checked = await checkUp(ports, { newRunId, env: { ...(await readAppEnv(workspace.appEnvPath)), ...env } })
  onWait(undefined)
  for (const finding of [...wayFindings(checked), ...last]) tell(finding)
  return { all: checked.every(({ well }) => well) }
}
