import { fieldOf, logRows } from '../../backends/loki-streams.ts'
import type { TraceSpan } from '../../backends/trace.ts'
import { LabError, QueryError } from '../../errors.ts'
import type { DiagnosisPorts, ObservedRun, Signal } from '../contract.ts'

/** What the backend's queries find of a run. */
export interface Arrival {
  /** Undefined when it could not be asked; `problem` says why. */
  found: boolean | undefined
  problem?: string
  /** The query that the backend would not take. */
  refused?: string
  /** Spans, series or lines that carry the run id. */
  count: number
  /** Found by their trace id, or under another label, and not as the run's. */
  disguised?: string
  /** Of traces: Tempo has cut the run id short. */
  cut?: true
  /** Of traces: the tops of the trees, as far as they came. */
  tops: { name: string; parentSpanId?: string; traceId: string; hasChildrenOnly?: boolean }[]
  services: string[]
  /** The query that was asked, as the learner would type it. */
  query: string
  /** A search finds it too; of traces by id alone it says false. */
  bySearch?: boolean
}

const BEFORE_MS = 60_000
const LINES = 500

export async function lookForArrival(
  ports: DiagnosisPorts,
  run: ObservedRun,
  signal: Signal,
  traceIds: readonly string[],
  now: number,
): Promise<Arrival> {
  const look = { traces, metrics, logs }[signal]
  try {
    return await look(ports, run, now, traceIds)
  } catch (error) {
    ports.signal?.throwIfAborted()
    if (!(error instanceof LabError) && !(error instanceof QueryError)) throw error
    const refused = error instanceof QueryError ? { refused: error.query } : {}
    return { found: undefined, problem: error.message, ...refused, count: 0, tops: [], services: [], query: '' }
  }
}

async function traces(
  { backends: { tempo }, signal }: DiagnosisPorts,
  run: ObservedRun,
  now: number,
  traceIds: readonly string[],
): Promise<Arrival> {
  const call = signal ? { signal } : {}
  const query = `{resource.otel_lab.run.id="${run.runId}"}`
  const window = { start: run.startedAt - BEFORE_MS, end: now + 1_000 }
  const [search, ...byId] = await Promise.all([
    tempo.search(query, { window, limit: 20, ...call }),
    ...traceIds.map((id) => tempo.traceById(id, call)),
  ])
  const others = search.map(({ traceId }) => traceId).filter((id) => !traceIds.includes(id))
  const more = await Promise.all(others.slice(0, 5).map((id) => tempo.traceById(id, call)))
  const spans = [...byId, ...more].flatMap((trace) => trace?.spans ?? [])
  const mine = spans.filter(({ resource }) => resource['otel_lab.run.id'] === run.runId)
  const idOf = ({ resource }: TraceSpan) => resource['otel_lab.run.id']
  const bare = spans.filter((span) => idOf(span) === undefined)
  // Another program's id is no mask: a trace may be of several.
  const masked = spans.find((span) => /[^a-z0-9]/.test(String(idOf(span) ?? '')))
  const cut = cutOf(spans, run.runId)
  const base = { query: `otel-lab query tempo '${query}'`, bySearch: search.length > 0 }
  if (mine.length > 0)
    return { ...base, found: true, count: mine.length, tops: topsOf(mine, spans), services: servicesOf(mine) }
  const disguised =
    cut !== undefined
      ? `trace ${spans[0]!.traceId}, whose otel_lab.run.id is cut to ${cut}`
      : bare.length > 0
        ? `trace ${bare[0]!.traceId}, ${bare.length} spans without a run id`
        : masked
          ? `trace ${masked.traceId}, whose otel_lab.run.id is ${idOf(masked)}`
          : undefined
  return {
    ...base,
    found: search.length > 0,
    count: 0,
    tops: topsOf(bare, spans),
    services: servicesOf(bare),
    ...(disguised ? { disguised } : {}),
    ...(cut === undefined ? {} : { cut: true as const }),
  }
}

/** Tempo's limit cuts names as well as values. */
function cutOf(spans: readonly TraceSpan[], runId: string): string | undefined {
  for (const { resource } of spans) {
    if (resource['otel_lab.run.id'] === runId) continue
    for (const [key, value] of Object.entries(resource)) {
      const begins = key !== '' && 'otel_lab.run.id'.startsWith(key) && typeof value === 'string' && value !== ''
      if (begins && runId.startsWith(value)) return `${key}=${value}`
    }
  }
  return undefined
}

function topsOf(mine: readonly TraceSpan[], all: readonly TraceSpan[]): Arrival['tops'] {
  const ids = new Set(all.map(({ spanId }) => spanId))
  return mine
    .filter(({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId))
    .map(({ name, parentSpanId, traceId }) => ({ name, traceId, ...(parentSpanId ? { parentSpanId } : {}) }))
}

const servicesOf = (spans: readonly TraceSpan[]) => [
  ...new Set(spans.map(({ resource }) => String(resource['service.name'] ?? ''))),
]

async function metrics(
  { backends: { prometheus }, signal }: DiagnosisPorts,
  run: ObservedRun,
  now: number,
): Promise<Arrival> {
  const window = { start: run.startedAt - BEFORE_MS, end: now + 1_000 }
  const call = signal ? { signal } : {}
  const ask = (label: string) => prometheus.series([`{${label}=${JSON.stringify(run.runId)}}`], window, call)
  const [series, exported, byRun] = await Promise.all([
    ask('instance'),
    ask('exported_instance'),
    ask('otel_lab_run_id'),
  ])
  const mine = series.filter(({ __name__ }) => __name__ !== 'target_info')
  const labels = [...mine, ...exported, ...byRun]
  const base = {
    count: mine.length,
    tops: [],
    services: [...new Set(labels.map(({ exported_job, job = '' }) => exported_job ?? job))],
    query: `otel-lab query prometheus '{instance="${run.runId}"}'`,
  }
  if (mine.length > 0) return { ...base, found: true }
  if (exported.length > 0)
    return { ...base, found: false, disguised: `${exported.length} series under exported_instance="${run.runId}"` }
  const others = byRun.filter(({ __name__ }) => __name__ !== 'target_info')
  if (others.length > 0)
    return { ...base, found: false, disguised: `${others.length} series under otel_lab_run_id="${run.runId}"` }
  return { ...base, found: false }
}

async function logs({ backends: { loki }, signal }: DiagnosisPorts, run: ObservedRun, now: number): Promise<Arrival> {
  const window = { start: run.startedAt - BEFORE_MS, end: now + 1_000 }
  const options = { limit: LINES, ...(signal ? { signal } : {}) }
  const query = `{service_instance_id="${run.runId}"}`
  const rows = logRows(await loki.streams(query, window, options))
  const base = { tops: [], query: `otel-lab query loki '${query}'` }
  const services = (found: typeof rows) => [...new Set(found.map((row) => fieldOf(row, 'service_name') ?? ''))]
  if (rows.length > 0) return { ...base, found: true, count: rows.length, services: services(rows) }
  const others = logRows(await loki.streams(`{service_name=~".+"} | otel_lab_run_id="${run.runId}"`, window, options))
  const disguised = others.length > 0 ? { disguised: `${others.length} lines with otel_lab_run_id="${run.runId}"` } : {}
  return { ...base, found: false, count: 0, services: services(others), ...disguised }
}
