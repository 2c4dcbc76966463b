import type { TempoClient } from '../backends/tempo.ts'
import { toMillis } from '../backends/time.ts'
import type { Trace } from '../backends/trace.ts'
import { type Notebook, notebook, type ObservedRun, pollRun, type Watch, type WatchOptions, windowOf } from './watch.ts'

const ROOT_MISSING = '<root span not yet received>'
const runSelector = (run: ObservedRun, more = '') => `{resource.otel_lab.run.id=${JSON.stringify(run.runId)}${more}}`

/** The end of a trace's root, which ends last; undefined until it has come. */
function rootEnd(trace: Trace | undefined): number | undefined {
  const root = trace?.spans.find(({ parentSpanId }) => parentSpanId === undefined)
  return root && toMillis(root.endNs)
}

/** From the end of the root span until Tempo gives the trace with it by its id. */
export async function watchTracesById(tempo: TempoClient, run: ObservedRun, options: WatchOptions): Promise<Watch> {
  const notes = notebook('trace-by-id', run)
  const ask = async () => {
    const missing = [...run.traceIds].filter((one) => !notes.has(one))
    const found = missing.map(async (id) => {
      const madeAt = rootEnd(await tempo.traceById(id, { signal: options.signal }))
      return madeAt === undefined ? [] : [{ id, madeAt }]
    })
    return (await Promise.all(found)).flat()
  }
  const complete = await pollRun('trace-by-id', run, options, ask, (found, look) => {
    for (const { id, madeAt } of found) {
      run.lastSpanEnd = Math.max(run.lastSpanEnd ?? 0, madeAt)
      notes.note({ what: id, traceId: id, madeAt, ...(run.lateIds.has(id) ? { late: true } : {}) }, look)
    }
    return allSeen(run, notes, look.ended, options)
  })
  return { sightings: notes.sightings, complete }
}

/** From the end of the root span until a search for the run finds the trace with it. */
export async function watchTracesBySearch(tempo: TempoClient, run: ObservedRun, options: WatchOptions): Promise<Watch> {
  const notes = notebook('trace-by-search', run)
  const ask = () =>
    tempo.search(runSelector(run), { window: windowOf(run, options.now()), limit: 200, signal: options.signal })
  const complete = await pollRun('trace-by-search', run, options, ask, async (found, look) => {
    for (const { traceId, rootService, rootName } of found) {
      // Its first spans may be cut, and found, before the root has ended.
      if (!run.traceIds.has(traceId)) run.lateIds.add(traceId)
      run.traceIds.add(traceId)
      if (notes.has(traceId) || rootName === '' || rootService === ROOT_MISSING) continue
      const madeAt = rootEnd(await tempo.traceById(traceId, { signal: options.signal }))
      if (madeAt !== undefined) notes.note({ what: traceId, traceId, madeAt }, look)
    }
    return allSeen(run, notes, look.ended, options)
  })
  return { sightings: notes.sightings, complete }
}

/** From the end of the root span until a TraceQL metrics query counts it. */
export async function watchTracesByMetrics(
  tempo: TempoClient,
  run: ObservedRun,
  options: WatchOptions,
): Promise<Watch> {
  const notes = notebook('trace-by-metrics', run)
  const query = `${runSelector(run, ' && nestedSetParent<0')} | count_over_time() by (trace:id)`
  const ask = () => tempo.metricsRange(query, windowOf(run, options.now()), { step: 1_000, signal: options.signal })
  const complete = await pollRun('trace-by-metrics', run, options, ask, async (series, look) => {
    for (const { labels, samples } of series) {
      const id = String(labels['trace:id'] ?? '').padStart(32, '0')
      if (notes.has(id) || !samples.some(({ value }) => value > 0)) continue
      const madeAt = rootEnd(await tempo.traceById(id, { signal: options.signal }))
      if (madeAt !== undefined) notes.note({ what: id, traceId: id, madeAt }, look)
    }
    return allSeen(run, notes, look.ended, options)
  })
  return { sightings: notes.sightings, complete }
}

/** What a program flushed at its end is on its way yet. */
function allSeen(run: ObservedRun, { sightings, has }: Notebook, now: number, { quietMs }: WatchOptions): boolean {
  if (run.endedAt === undefined || now < run.endedAt + quietMs || sightings.length === 0) return false
  return [...(run.leaving ?? run.traceIds)].every(has)
}
