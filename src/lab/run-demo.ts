import type { Backends } from '../backends.ts'
import type { Endpoints, Engine } from '../engine.ts'
import { measure } from '../latency.ts'
import { demoCommand } from '../workload.ts'
import type { Workspace } from '../workspace.ts'
import { measuredLab, programEnv, programMaker } from './measured-lab.ts'

interface Opened {
  workspace: Workspace
  engine: Engine
  endpoints: Endpoints
  backends: Backends
  signal: AbortSignal
  say: (text: string) => void
}

const DEADLINE_MS = 60_000

/** Runs a demo and waits until all that it sent can be asked for, or is known to be lost. Gives its run id. */
export async function runDemoVisibly(kind: 'slow' | 'stress' | 'normal', opened: Opened): Promise<string | undefined> {
  const { workspace, signal, say } = opened
  const known = { ...opened, env: await programEnv(opened) }
  say(`The demo ${kind} runs; then its telemetry is waited for, metrics too.`)
  const maker = await programMaker(known, await demoCommand(workspace, kind, { signal }), {}, {}, `run ${kind}`)
  const { runs } = await measure(measuredLab(known), { maker, runs: 1, warmup: 0, deadlineMs: DEADLINE_MS })
  const [run] = runs
  say(`Run ${run?.runId}: ${run?.complete ? 'everything is visible' : 'not everything has come'}.`)
  return run?.runId
}
