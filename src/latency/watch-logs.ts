import { setTimeout as sleep } from 'node:timers/promises'
import type { LokiClient } from '../backends/loki.ts'
import { type LogRow, logRows } from '../backends/loki-streams.ts'
import { toMillis, toNanos } from '../backends/time.ts'
import { LabError } from '../errors.ts'
import { isOver, notebook, type ObservedRun, pollRun, type Watch, type WatchOptions, windowOf } from './watch.ts'

/** No line for so long after the end of the program: there are no more. */
const QUIET_MS = 2_500
const LIMIT = 1_000

/** A program may have an instance id of its own; the run id it always has. */
const selectorOf = (run: ObservedRun) => `{service_name=~".+"} | otel_lab_run_id=${JSON.stringify(run.runId)}`

const foundIn = ({ ns, line, metadata }: LogRow) => {
  // Bit 0 of the flags: sampled. Other traces never come.
  const { trace_id: traceId, flags = '1' } = metadata
  const sampled = traceId !== undefined && /^[0-9a-f]{32}$/.test(traceId) && Number(flags) % 2 === 1
  return { what: `${ns} ${line.slice(0, 200)}`, madeAt: toMillis(ns), ...(sampled ? { traceId } : {}) }
}

/** From a log record's own time until Loki's answer has its line. */
export async function watchLogs(loki: LokiClient, run: ObservedRun, options: WatchOptions): Promise<Watch> {
  const notes = notebook('logs', run)
  let last = 0
  const ask = () =>
    loki.streams(selectorOf(run), windowOf(run, options.now()), {
      limit: LIMIT,
      direction: 'forward',
      signal: options.signal,
    })
  await pollRun('logs', run, options, ask, (streams, look) => {
    for (const found of logRows(streams).map(foundIn)) {
      if (notes.has(found.what)) continue
      if (found.traceId !== undefined) run.traceIds.add(found.traceId)
      notes.note(found, look)
      last = look.ended
    }
    return run.endedAt !== undefined && last > 0 && look.ended > Math.max(last, run.endedAt) + QUIET_MS
  })
  return { sightings: notes.sightings, complete: notes.sightings.length > 0 }
}

/** From a log record's own time until a reader of Loki's live tail is told of it; nothing is asked. */
export async function watchTail(loki: LokiClient, run: ObservedRun, options: WatchOptions): Promise<Watch> {
  const notes = notebook('logs-by-tail', run)
  const over = new AbortController()
  const signal = AbortSignal.any([options.signal, over.signal])
  let last = 0
  const onLines = (rows: readonly LogRow[]) => {
    const at = options.now()
    last = at
    for (const found of rows.map(foundIn)) notes.note(found, { before: at, began: at, ended: at })
  }
  const tailing = loki.tail(selectorOf(run), { startNs: toNanos(run.startedAt - 1_000), signal, onLines })
  // A Loki behind a gateway may have no tail: the other doors go on without it.
  const gone = tailing.catch((error: unknown) => {
    if (!(error instanceof LabError)) throw error
  })
  const quiet = async () => {
    while (true) {
      const now = options.now()
      if (run.endedAt !== undefined && last > 0 && now > Math.max(last, run.endedAt) + QUIET_MS) return
      if (now > options.deadline() || isOver(run, 'logs')) return
      await sleep(100, undefined, { signal })
    }
  }
  await Promise.race([gone, quiet()]).finally(() => over.abort())
  await gone
  return { sightings: notes.sightings, complete: notes.sightings.length > 0 }
}
