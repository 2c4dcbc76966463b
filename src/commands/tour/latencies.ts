import { openBackends } from '../../backends.ts'
import type { Engine } from '../../engine.ts'
import { measuredLab, programMaker } from '../../lab/measured-lab.ts'
import { type Figures, measure, rememberLatency } from '../../latency.ts'
import type { Workspace } from '../../workspace.ts'
import { progressOf } from '../latency/progress.ts'
import { renderMeasurement } from '../latency/view.ts'

const RUNS = 2
const DEADLINE_MS = 60_000

export interface Measured {
  figures: Figures
  complete: boolean
}

/** How long each signal takes until it can be queried: `otel-lab latency` in short. */
export async function measureLatencies(of: {
  workspace: Workspace
  engine: Engine
  signal: AbortSignal
  env: Record<string, string | undefined>
  quiet: boolean
  say: (text: string) => void
}): Promise<Measured> {
  const { workspace, engine, quiet, say } = of
  const endpoints = await engine.endpoints()
  const opened = { ...of, endpoints, backends: openBackends(endpoints) }
  const progress = quiet ? { onEvent: () => {}, end: () => {} } : progressOf(RUNS, say)
  const measured = await measure(measuredLab(opened), {
    maker: await programMaker(opened, undefined, { files: 1 }),
    runs: RUNS,
    warmup: 0,
    deadlineMs: DEADLINE_MS,
    onEvent: progress.onEvent,
  }).finally(progress.end)
  await rememberLatency(workspace.statePath('latency.json'), measured.figures)
  say(renderMeasurement(measured, { deadlineMs: DEADLINE_MS }))
  return measured
}
