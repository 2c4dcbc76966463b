import { staticKey } from './pipeline.ts'
import type { FoundSet, FoundTrace } from './results.ts'

/** Two parts of one trace as one result, put together as Tempo puts the answers of several blocks together. */
export function mergedTrace(a: FoundTrace, b: FoundTrace): FoundTrace {
  const sets = [...a.sets]
  for (const set of b.sets) {
    const same = sets.findIndex((s) => identity(s) === identity(set))
    if (same < 0) sets.push(set)
    // The set with more spans says more.
    else if (sets[same]!.matched < set.matched) sets[same] = set
  }
  const serviceStats = new Map(a.trace.serviceStats)
  for (const [service, { spanCount, errorCount }] of b.trace.serviceStats) {
    const known = serviceStats.get(service) ?? { spanCount: 0, errorCount: 0 }
    serviceStats.set(service, {
      spanCount: Math.max(known.spanCount, spanCount),
      errorCount: Math.max(known.errorCount, errorCount),
    })
  }
  return {
    sets,
    trace: {
      id: a.trace.id,
      // biome-ignore lint/complexity/useMathMinMax: these are bigints
      startNanos: a.trace.startNanos < b.trace.startNanos ? a.trace.startNanos : b.trace.startNanos,
      // biome-ignore lint/complexity/useMathMinMax: these are bigints
      endNanos: a.trace.endNanos > b.trace.endNanos ? a.trace.endNanos : b.trace.endNanos,
      rootName: a.trace.rootName || b.trace.rootName,
      rootServiceName: a.trace.rootServiceName || b.trace.rootServiceName,
      serviceStats,
    },
  }
}

/** What `by()` made apart stays apart. */
const identity = (set: FoundSet) =>
  set.attributes
    .filter(({ name }) => name.startsWith('by'))
    .map(({ name, value }) => `${name}${staticKey(value)}`)
    .join()
