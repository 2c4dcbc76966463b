import type { LokiClient } from '../backends/loki.ts'
import { toMillis } from '../backends/time.ts'
import type { Sighting } from './measure.ts'
import { poll } from './poll.ts'
import type { ObservedRun, Watch, WatchOptions } from './watch.ts'

const STEP_MS = 50
/** No line for so long after the end of the program: there are no more. */
const QUIET_MS = 2_500
const LIMIT = 1_000

/** From a log record's own time until Loki has its line. */
export async function watchLogs(loki: LokiClient, run: ObservedRun, options: WatchOptions): Promise<Watch> {
  const sightings: Sighting[] = []
  const seen = new Set<string>()
  let last = 0
  await poll({ ...options, stepMs: STEP_MS }, async (since) => {
    const window = { start: run.startedAt - 1_000, end: options.now() + 1_000 }
    const query = `{service_instance_id=${JSON.stringify(run.runId)}}`
    const streams = await loki.streams(query, window, { limit: LIMIT, direction: 'forward', signal: options.signal })
    const seenAt = options.now()
    for (const { ns, line, metadata } of streams.flatMap(({ entries }) => entries)) {
      const what = `${ns} ${line}`
      if (seen.has(what)) continue
      seen.add(what)
      last = seenAt
      // Bit 0 of the flags: sampled. Other traces never come.
      const { trace_id: traceId, flags = '1' } = metadata
      if (traceId && /^[0-9a-f]{32}$/.test(traceId) && Number(flags) % 2 === 1) run.traceIds.add(traceId)
      sightings.push({ what: line.slice(0, 200), madeAt: toMillis(ns), seenAt, stepMs: seenAt - since })
    }
    return run.endedAt !== undefined && last > 0 && seenAt > Math.max(last, run.endedAt) + QUIET_MS
  })
  return { sightings, complete: sightings.length > 0 }
}
