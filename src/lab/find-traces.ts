import { setTimeout as sleep } from 'node:timers/promises'
import { fieldOf, logRows } from '../backends/loki-streams.ts'
import { type TempoClient, traceIdOf } from '../backends/tempo.ts'
import type { Trace } from '../backends/trace.ts'
import type { Backends } from '../backends.ts'
import { EXIT, LabError } from '../errors.ts'

interface Wanted {
  id?: string | undefined
  run?: string | undefined
  /** Of `latest`: none that began before is meant, if a newer one comes in time. Milliseconds since the epoch. */
  since?: number | undefined
  waitMs: number
  signal: AbortSignal
}

type Stores = Pick<Backends, 'tempo' | 'loki'>

/** Probes of doctor and latency are nobody's traces. */
const PROBE_SERVICE = 'otel-lab-probe'
const POLL_MS = 200
const HOUR_MS = 3_600_000
const MOST = 20

/** The traces that are meant, whole if they become so in time. Throws LabError `no-trace`, `bad-trace-id`. */
export async function findTraces(stores: Stores, wanted: Wanted): Promise<Trace[]> {
  const deadline = performance.now() + wanted.waitMs
  let found: Trace[] = []
  while (true) {
    found = await look(stores, wanted)
    // A trace comes in parts, as its spans end.
    if (found.length > 0 && found.every(isWhole) && isNewer(found, wanted.since)) return found
    if (performance.now() >= deadline) break
    await sleep(POLL_MS, undefined, { signal: wanted.signal })
  }
  if (found.length > 0) return found
  throw missing(wanted)
}

async function look({ tempo, loki }: Stores, { id, run, signal }: Wanted): Promise<Trace[]> {
  const given = (ids: string[]) => Promise.all(ids.map((one) => tempo.traceById(one, { signal })))
  if (id === 'latest') {
    // A search finds a trace only once it is cut; its logs name it sooner.
    const newest = await Promise.all([
      search(tempo, `{resource.service.name!="${PROBE_SERVICE}"} with (most_recent=true)`, signal),
      newestLogged(loki, signal),
    ])
    const found = (await given(newest.flat())).filter((trace) => trace !== undefined)
    return found.sort((a, b) => (startOf(a) < startOf(b) ? -1 : 1)).slice(-1)
  }
  const byRun = run === undefined ? undefined : `{resource.otel_lab.run.id=${JSON.stringify(run)}}`
  const ids = byRun === undefined ? await idsFor(tempo, id ?? '', signal) : await search(tempo, byRun, signal)
  return (await given(ids)).filter((trace) => trace !== undefined)
}

/** A clock may differ a little from the program's. */
const CLOCK_MS = 1_000

/** Whether one of them began since then. */
export const isNewer = (traces: readonly Trace[], since = 0): boolean =>
  traces.some((trace) => Number(startOf(trace) / 1_000_000n) >= since - CLOCK_MS)

const startOf = ({ spans }: Trace) => spans[0]!.startNs

/** In the order of their start. */
async function search(tempo: TempoClient, query: string, signal: AbortSignal): Promise<string[]> {
  const now = Date.now()
  const found = await tempo.search(query, { window: { start: now - HOUR_MS, end: now }, limit: MOST, signal })
  return found.sort((a, b) => (a.startNs < b.startNs ? -1 : 1)).map(({ traceId }) => traceId)
}

/** The trace that the newest line belongs to. Loki is only asked for a hint: its failure is no failure here. */
async function newestLogged(loki: Stores['loki'], signal: AbortSignal): Promise<string[]> {
  const now = Date.now()
  const window = { start: now - HOUR_MS, end: now }
  const streams = await loki
    .streams(`{service_name=~".+", service_name!="${PROBE_SERVICE}"} | trace_id!=""`, window, { limit: 1, signal })
    .catch(() => [])
  const id = logRows(streams).map((row) => fieldOf(row, 'trace_id'))[0]
  return id !== undefined && /^[0-9a-f]{32}$/.test(id) ? [id] : []
}

/** What was cut short when it was copied is looked for among the traces of the last hour. */
async function idsFor(tempo: TempoClient, text: string, signal: AbortSignal): Promise<string[]> {
  const given = bare(text)
  const id = traceIdOf(given)
  if (given.length >= 32 || (await tempo.traceById(id, { signal }))) return [id]
  const now = Date.now()
  const recent = await tempo.search('{}', { window: { start: now - HOUR_MS, end: now }, limit: 500, signal })
  return recent.map(({ traceId }) => traceId).filter((one) => one.startsWith(given.toLowerCase()))
}

/** From a W3C traceparent, a 0x, a uuid's dashes or quotes, the id. */
function bare(text: string): string {
  const trimmed = text.trim().replaceAll(/^["']|["']$/g, '')
  const parent = /^[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}(-[0-9a-f]{2})?$/i.exec(trimmed)
  return parent?.[1] ?? trimmed.replace(/^0x/i, '').replaceAll('-', '')
}

function isWhole({ spans }: Trace): boolean {
  const ids = new Set(spans.map(({ spanId }) => spanId))
  return spans.every(({ parentSpanId }) => parentSpanId === undefined || ids.has(parentSpanId))
}

function missing({ id, run, waitMs }: Wanted): LabError {
  const waited = waitMs > 0 ? ` after ${waitMs / 1000} s` : ''
  if (run !== undefined) {
    return new LabError('no-trace', `Tempo finds no trace of the run ${run} in the last hour${waited}`, {
      hint: 'Is it a run of this lab? otel-lab run prints its id. Where its spans ended: otel-lab doctor',
      exit: EXIT.slow,
    })
  }
  if (id === 'latest') {
    return new LabError('no-trace', `Tempo finds no trace in the last hour${waited}`, {
      hint: 'otel-lab run',
      exit: EXIT.slow,
    })
  }
  return new LabError('no-trace', `Tempo has no trace ${id}${waited}`, {
    hint: "Those that there are: otel-lab query tempo '{}'\nIf it was sent just now: otel-lab trace ID --wait 30s",
    exit: EXIT.slow,
  })
}
