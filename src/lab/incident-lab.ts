import { openBackends } from '../backends.ts'
import { openEngine } from '../engine/choose.ts'
import { LabError } from '../errors.ts'
import { type Fault, loadFaults } from '../faults.ts'
import type { IncidentLab } from '../incidents.ts'
import { demoCommand, newRunId, startWorkload } from '../workload.ts'
import { findWorkspace, readAppEnv } from '../workspace.ts'

/** The lab of this folder as incidents see it. Throws LabError `no-lab`, `lab-down`, `cannot-break`. */
export async function openIncidentLab(
  signal: AbortSignal,
  env: Record<string, string | undefined>,
): Promise<{ lab: IncidentLab; all: Fault[] }> {
  const workspace = await findWorkspace()
  const engine = await openEngine(workspace)
  if (!engine.can.configure) {
    throw new LabError('cannot-break', `the ${engine.kind} engine's stack is not ours to break`, {
      hint: 'In a lab of its own: mkdir drill && cd drill && otel-lab up --engine embedded',
      exit: 1,
    })
  }
  const endpoints = await engine.endpoints()
  const lab: IncidentLab = {
    faults: { workspace, engine, now: () => new Date(), appEnvPath: workspace.appEnvPath },
    backends: openBackends(endpoints),
    now: Date.now,
    async run() {
      const runId = newRunId()
      const traces = new Set<string>()
      const outputDir = workspace.statePath('attempts', runId, 'output')
      const { startedAt, endedAt } = await startWorkload({
        command: await demoCommand({ inputDir: workspace.inputDir, outputDir }, 'normal', { files: 1, signal }),
        // The doors may have moved since; a fault's mend opens them again.
        endpoints: await engine.endpoints(),
        runId,
        env: { ...(await readAppEnv(workspace.appEnvPath)), ...env },
        signal,
        onLine: (line) => {
          const id = /"trace_id":"([0-9a-f]{32})"/.exec(line)?.[1]
          if (id) traces.add(id)
        },
      })
      return { runId, startedAt: startedAt.getTime(), endedAt: endedAt.getTime(), traces: [...traces] }
    },
  }
  return { lab, all: await loadFaults() }
}
