import { openBackends } from '../../backends.ts'
import type { Engine } from '../../engine.ts'
import { type Figures, figuresOf, probe, rememberLatency } from '../../latency.ts'
import { demoCommand, newRunId, startWorkload } from '../../workload.ts'
import type { Workspace } from '../../workspace.ts'
import { readIntervals } from '../latency/intervals.ts'
import { progressOf, renderFigures } from '../latency/view.ts'

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
  const { workspace, engine, signal, env, quiet, say } = of
  const endpoints = await engine.endpoints()
  const backends = openBackends(endpoints)
  const [command, intervals] = await Promise.all([
    demoCommand(workspace, 'normal', { files: 1, signal }),
    readIntervals({ workspace, backends, own: true, env }),
  ])
  const progress = quiet ? { onEvent: () => {}, end: () => {} } : progressOf(RUNS, say)
  const result = await probe({
    backends,
    newRunId,
    runs: RUNS,
    deadlineMs: DEADLINE_MS,
    signal,
    onEvent: progress.onEvent,
    run: (runId, onLine) => startWorkload({ command, endpoints, runId, signal, onLine }),
  }).finally(progress.end)
  const figures = figuresOf(result)
  await rememberLatency(workspace.statePath('latency.json'), figures)
  say(renderFigures({ figures, result, intervals, engine: engine.kind, deadlineMs: DEADLINE_MS }))
  return { figures, complete: result.runs.every((run) => run.complete) }
}
