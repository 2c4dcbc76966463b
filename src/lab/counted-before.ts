import type { CollectorCounter } from '../backends/collector-counters.ts'
import type { Endpoints, Engine } from '../engine.ts'

/**
 * What the collector has counted so far, where nobody looks into it: a run that begins now is told from it afterwards.
 * Undefined where there is a tap, or the collector tells none.
 */
export async function countedBefore(
  { tap }: Pick<Engine, 'tap'>,
  endpoints: Endpoints,
): Promise<{ before?: CollectorCounter[] }> {
  if (tap) return {}
  const { openBackends } = await import('../backends.ts')
  const before = await openBackends(endpoints)
    .collector.counters()
    .catch(() => undefined)
  return before ? { before } : {}
}
