import type { TempoClient } from '../backends/tempo.ts'
import { toMillis } from '../backends/time.ts'
import type { Trace } from '../backends/trace.ts'
import type { Sighting } from './measure.ts'
import { poll } from './poll.ts'
import type { ObservedRun, Watch, WatchOptions } from './watch.ts'

const BY_ID_STEP_MS = 25
const SEARCH_STEP_MS = 100
const ROOT_MISSING = '<root span not yet received>'

/** The end of a trace's root, which ends last; undefined until it has come. */
function rootEnd(trace: Trace | undefined): number | undefined {
  const root = trace?.spans.find(({ parentSpanId }) => parentSpanId === undefined)
  return root && toMillis(root.endNs)
}

/** From the end of the root span until Tempo gives the trace with it by its id. */
export async function watchTracesById(tempo: TempoClient, run: ObservedRun, options: WatchOptions): Promise<Watch> {
  const sightings: Sighting[] = []
  const seen = new Set<string>()
  const complete = await poll({ ...options, stepMs: BY_ID_STEP_MS }, async (since) => {
    for (const id of [...run.traceIds].filter((one) => !seen.has(one))) {
      const madeAt = rootEnd(await tempo.traceById(id, { signal: options.signal }))
      if (madeAt === undefined) continue
      const seenAt = options.now()
      seen.add(id)
      run.lastSpanEnd = Math.max(run.lastSpanEnd ?? 0, madeAt)
      sightings.push({ what: id, madeAt, seenAt, stepMs: seenAt - since })
    }
    return run.endedAt !== undefined && seen.size > 0 && seen.size === run.traceIds.size
  })
  return { sightings, complete }
}

/** From the end of the root span until a search for the run finds the trace with it. */
export async function watchTracesBySearch(tempo: TempoClient, run: ObservedRun, options: WatchOptions): Promise<Watch> {
  const sightings: Sighting[] = []
  const seen = new Set<string>()
  const query = `{resource.otel_lab.run.id=${JSON.stringify(run.runId)}}`
  const complete = await poll({ ...options, stepMs: SEARCH_STEP_MS }, async (since) => {
    const window = { start: run.startedAt - 1_000, end: options.now() + 1_000 }
    const found = await tempo.search(query, { window, limit: 200, signal: options.signal })
    const seenAt = options.now()
    for (const { traceId, rootService, rootName } of found) {
      // Its first spans may be cut, and found, before the root has ended.
      if (!run.traceIds.has(traceId)) run.lateIds.add(traceId)
      run.traceIds.add(traceId)
      if (seen.has(traceId) || rootName === '' || rootService === ROOT_MISSING) continue
      const madeAt = rootEnd(await tempo.traceById(traceId, { signal: options.signal }))
      if (madeAt === undefined) continue
      seen.add(traceId)
      sightings.push({ what: traceId, madeAt, seenAt, stepMs: seenAt - since })
    }
    return run.endedAt !== undefined && seen.size > 0 && seen.size === run.traceIds.size
  })
  return { sightings, complete }
}
