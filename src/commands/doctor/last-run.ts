import {
  type DiagnosisPorts,
  diagnose,
  type HopName,
  type ObservedRun,
  PROBE_SERVICE,
  type Signal,
} from '../../diagnosis.ts'
import type { Tap } from '../../engine.ts'
import { runToDiagnose } from '../../lab/run-to-diagnose.ts'
import { SIGNALS } from '../../util/signal.ts'
import { readRuns } from '../../workspace/runs.ts'
import type { Workspace } from '../../workspace.ts'
import type { Finding } from './finding.ts'

/** Older ones are another day's. */
const RECENT_MS = 15 * 60_000
const LIMIT = 4_096

/**
 * What became of the newest run of the learner's own: a filter may drop what the app sends and let every probe pass. One
 * that ran before a service was last restarted says nothing of the lab as it is.
 */
export async function lastRunFindings(ports: DiagnosisPorts, workspace: Workspace): Promise<Finding[]> {
  const newest = await (ports.engine.tap ? asSeen(ports.engine.tap) : asRemembered(ports, workspace))
  if (newest === undefined) return []
  const { run, signals, only } = newest
  const { services } = await ports.engine.status()
  const since = Math.max(0, ...services.map(({ startedAt }) => startedAt?.getTime() ?? 0))
  if (run.startedAt < since || run.endedAt < Date.now() - RECENT_MS) return []
  const found = await Promise.all(signals.map((signal) => diagnose(ports, run, signal)))
  return found.flatMap(({ signal, broken }): Finding[] => {
    if (broken === undefined || only?.includes(broken.hop) === false) return []
    const { hop, id, seen, why, next } = broken
    return [
      {
        state: 'error',
        title: `The ${signal} of run ${run.runId}, the newest: lost at ${[hop, id].filter(Boolean).join(' ')}`,
        seen,
        ...(why ? { why } : {}),
        ...(next ? { next } : {}),
      },
    ]
  })
}

interface Newest {
  run: ObservedRun
  signals: Signal[]
  /** Other hops say nothing of it. */
  only?: HopName[]
}

/** As far as it came to the collector: whoever made it may be no run of the lab's. */
async function asSeen(tap: Tap): Promise<Newest | undefined> {
  const doors = await tap.passages({ limit: LIMIT })
  const came = doors.filter(
    ({ kind, step, services, runIds }) =>
      kind === 'receiver' && step === 'in' && runIds.length === 1 && !services.includes(PROBE_SERVICE),
  )
  const runId = came.at(-1)?.runIds[0]
  const own = came.filter(({ runIds }) => runIds[0] === runId)
  const [first, last] = [own[0], own.at(-1)]
  if (runId === undefined || first === undefined || last === undefined) return undefined
  const signals = [...new Set(own.map(({ signal }) => signal))] as Signal[]
  return { run: { runId, startedAt: first.at, endedAt: last.at, env: {} }, signals }
}

/** Where nobody looks into the collector: what the lab has run itself, as far as the collector knows of it. */
async function asRemembered(ports: DiagnosisPorts, workspace: Workspace): Promise<Newest | undefined> {
  const runs = await readRuns(workspace)
  if (runs.length === 0) return undefined
  const { runId, startedAt, endedAt, traceIds = [], before } = await runToDiagnose('latest', runs, ports)
  if (before === undefined) return undefined
  // What the program did is not asked here, and what meets everybody the probes meet too.
  return { run: { runId, startedAt, endedAt, traceIds, before, env: {} }, signals: [...SIGNALS], only: ['processor'] }
}
