import { type DiagnosisPorts, diagnose, type ObservedRun, PROBE_SERVICE, type Signal } from '../../diagnosis.ts'
import type { Finding } from './finding.ts'

/** Older ones are another day's. */
const RECENT_MS = 15 * 60_000
const LIMIT = 4_096

/**
 * What became of the newest run of the learner's own, as far as the collector saw it: a filter may drop what the app
 * sends and let every probe pass. One that ran before a service was last restarted says nothing of the lab as it is.
 */
export async function lastRunFindings(ports: DiagnosisPorts): Promise<Finding[]> {
  const { tap } = ports.engine
  if (tap === undefined) return []
  const [doors, status] = await Promise.all([tap.passages({ limit: LIMIT }), ports.engine.status()])
  const came = doors.filter(
    ({ kind, step, services, runIds }) =>
      kind === 'receiver' && step === 'in' && runIds.length === 1 && !services.includes(PROBE_SERVICE),
  )
  const runId = came.at(-1)?.runIds[0]
  const own = came.filter(({ runIds }) => runIds[0] === runId)
  const [first, last] = [own[0], own.at(-1)]
  if (runId === undefined || first === undefined || last === undefined) return []
  const since = Math.max(0, ...status.services.map(({ startedAt }) => startedAt?.getTime() ?? 0))
  if (first.at < since || last.at < Date.now() - RECENT_MS) return []
  const run: ObservedRun = { runId, startedAt: first.at, endedAt: last.at, env: {} }
  const signals = [...new Set(own.map(({ signal }) => signal))] as Signal[]
  const found = await Promise.all(signals.map((signal) => diagnose(ports, run, signal)))
  return found.flatMap(({ signal, broken }): Finding[] => {
    if (broken === undefined) return []
    const { hop, id, seen, why, next } = broken
    return [
      {
        state: 'error',
        title: `The ${signal} of run ${runId}, the newest: lost at ${[hop, id].filter(Boolean).join(' ')}`,
        seen,
        ...(why ? { why } : {}),
        ...(next ? { next } : {}),
      },
    ]
  })
}
