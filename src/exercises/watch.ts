import { setTimeout as sleep } from 'node:timers/promises'
import type { AttemptEvent, ExerciseLab } from './lab.ts'
import { seconds } from './wait.ts'

/** When a trace was first seen, and when it was last asked for and not there: the truth lies between. */
export interface Sighting {
  way: 'by-id' | 'by-search'
  at: number
  lastMiss?: number
}

const POLL_MS = 50

export const runQuery = (runId: string) => `{resource.otel_lab.run.id="${runId}"}`
/** A run that takes longer than Tempo's cut is found in parts; it is there when its root is. */
const rootQuery = (runId: string) => `{resource.otel_lab.run.id="${runId}" && nestedSetParent<0}`

/** Asks Tempo for a trace, by its id and by a search, until both show it whole or the deadline has come. */
export async function watchTrace(
  lab: ExerciseLab,
  { runId, traceId }: { runId: string; traceId: string },
  onEvent: (event: AttemptEvent) => void,
): Promise<Sighting[]> {
  const call = lab.signal ? { signal: lab.signal } : {}
  const { tempo } = lab.backends
  const watch = async (way: Sighting['way'], ask: () => Promise<boolean>): Promise<Sighting[]> => {
    const deadline = lab.now() + lab.deadline(way === 'by-id' ? 'trace-by-id' : 'trace-by-search')
    let lastMiss: number | undefined
    while (lab.now() < deadline) {
      lab.signal?.throwIfAborted()
      const asked = lab.now()
      if (await ask()) {
        const at = lab.now()
        onEvent({ at, text: way === 'by-id' ? 'Tempo has the trace by its id' : 'a TraceQL search finds it' })
        return [{ way, at, ...(lastMiss === undefined ? {} : { lastMiss }) }]
      }
      lastMiss = asked
      lab.onWait(`asking Tempo ${way.replace('-', ' ')} - ${seconds(deadline - asked)} left`)
      await sleep(POLL_MS, undefined, call)
    }
    return []
  }
  const found = await Promise.all([
    // A trace without its root is still on its way.
    watch('by-id', async () => {
      const trace = await tempo.traceById(traceId, call)
      return trace?.spans.some(({ parentSpanId }) => parentSpanId === undefined) ?? false
    }),
    watch('by-search', async () => {
      const window = { start: lab.now() - 600_000, end: lab.now() + 1_000 }
      return (await tempo.search(rootQuery(runId), { window, ...call })).length > 0
    }),
  ]).finally(() => lab.onWait(undefined))
  return found.flat()
}
