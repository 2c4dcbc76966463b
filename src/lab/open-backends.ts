import type { Backends } from '../backends.ts'
import type { Endpoints, Engine } from '../engine.ts'
import type { Workspace } from '../workspace.ts'

/** Clients for the backends of the lab that the current folder belongs to. Throws LabError `no-lab`, `lab-down`. */
export async function openLabBackends(): Promise<{
  workspace: Workspace
  engine: Engine
  endpoints: Endpoints
  backends: Backends
}> {
  const [{ findWorkspace }, { openEngine }, { openBackends }, { countQuery }] = await Promise.all([
    import('../workspace.ts'),
    import('../engine/choose.ts'),
    import('../backends.ts'),
    import('../incidents/queries.ts'),
  ])
  const workspace = await findWorkspace()
  const engine = await openEngine(workspace)
  const endpoints = await engine.endpoints()
  await countQuery(workspace.statePath, Date.now())
  return { workspace, engine, endpoints, backends: openBackends(endpoints) }
}
