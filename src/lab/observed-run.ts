import type { Window } from '../backends/time.ts'
import type { DiagnosisPorts, ObservedRun } from '../diagnosis.ts'
import { readRuns } from '../workspace/runs.ts'
import type { Workspace } from '../workspace.ts'
import { runToDiagnose } from './run-to-diagnose.ts'

/** The run that a chain is about: the one that was asked for, the one whose trace it is, else the newest of the window. */
export async function observedRun(
  asked: { workspace: Workspace; ports: DiagnosisPorts; window: Window; runId: string | undefined },
  traceId?: string,
): Promise<ObservedRun | undefined> {
  const { workspace, ports, window } = asked
  const runs = await readRuns(workspace)
  const passages = traceId === undefined ? [] : await ports.engine.tap?.passages({ traceId, limit: 100 })
  const runId =
    asked.runId ??
    passages?.find(({ runIds }) => runIds.length === 1)?.runIds[0] ??
    runs.find(({ startedAt, endedAt = Date.now() }) => endedAt >= window.start && startedAt <= window.end)?.id
  return runId === undefined ? undefined : runToDiagnose(runId, runs, ports)
}
