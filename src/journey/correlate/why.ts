import type { Trace } from '../../backends/trace.ts'
import type { Backends } from '../../backends.ts'
import { type DiagnosisPorts, diagnose, type Missed, type ObservedRun, type Signal } from '../../diagnosis.ts'
import { LabError, QueryError } from '../../errors.ts'
import type { Break } from './chain.ts'

/** What a broken chain is explained by: the lab's one diagnosis, of the run that the chain is about. */
export interface Why {
  backends: Backends
  ports: DiagnosisPorts
  /** The run whose trace it is, or the newest of the window; undefined when nobody knows one. */
  observed(traceId?: string): Promise<ObservedRun | undefined>
}

type Base = Pick<Break, 'after' | 'message'>

/** The hop at which the diagnosis says that it was lost, for the first of these that it says anything of. */
async function lostAt(
  { ports, observed }: Why,
  base: Base,
  signal: Signal,
  missed: readonly (Missed | undefined)[],
  traceId?: string,
): Promise<Break | undefined> {
  const run = await observed(traceId)
  if (run === undefined) return undefined
  const about = traceId === undefined ? run : { ...run, traceIds: [traceId, ...(run.traceIds ?? [])] }
  for (const what of missed) {
    const { broken, held } = await diagnose(ports, about, signal, what)
    const hop = broken ?? held
    if (hop === undefined) continue
    const place = [hop.hop, hop.id, hop.pipeline && `of pipeline ${hop.pipeline}`].filter(Boolean).join(' ')
    return {
      ...base,
      hop: hop.hop,
      ...(hop.id ? { id: hop.id } : {}),
      why: `${broken ? 'lost' : 'still'} at ${place}: ${hop.seen}${hop.why ? `. ${hop.why}` : ''}`,
      next: hop.next ?? (broken ? `otel-lab doctor ${run.runId}` : 'otel-lab correlate, in a moment'),
    }
  }
  return undefined
}

/** A start at which nothing was found. */
export async function whyNothing(why: Why, signal: Signal, fallback: Break): Promise<Break> {
  const part: readonly Missed[] =
    signal === 'traces' ? ['search', 'run'] : signal === 'logs' ? ['run', 'errors'] : ['run']
  return (await lostAt(why, fallback, signal, [undefined, ...part])) ?? fallback
}

/** A backend that fails has nothing; why it does is for the diagnosis. */
export async function orNothing<T>(work: Promise<T>, nothing: T): Promise<T> {
  return work.catch((error: unknown) => {
    if (error instanceof LabError || error instanceof QueryError) return nothing
    throw error
  })
}

/** Exemplars need the app, the exporter's format and Prometheus: which of them lacks? */
export async function whyNoExemplar(metric: string, why: Why): Promise<Break> {
  const base = { after: 'exemplar' as const, message: `${metric} has no exemplar, so nothing leads to a trace` }
  // What is not sampled is nobody's exemplar.
  const lost = (await lostAt(why, base, 'metrics', ['exemplars'])) ?? (await lostAt(why, base, 'traces', [undefined]))
  if (lost) return lost
  const page = await why.backends.collector.exporterPage().catch(() => undefined)
  if (page !== undefined && /#\s*\{[^}]*trace_id=/.test(page)) {
    return {
      ...base,
      why: "the collector's page has exemplars and Prometheus has none of this metric: they are older than the window, or not fetched yet",
      next: 'a longer --since, or otel-lab doctor',
    }
  }
  return {
    ...base,
    why: 'the collector’s page has none: the app records measurements outside of a sampled span, or its SDK makes no exemplars',
    next: 'begin at the traces instead: otel-lab correlate trace',
  }
}

/** A trace id without a trace. */
export async function whyNoTrace(traceId: string, why: Why): Promise<Break> {
  const base = { after: 'exemplar' as const, message: `Tempo has no trace ${traceId}` }
  const lost = await lostAt(why, base, 'traces', [undefined], traceId)
  return (
    lost ?? {
      ...base,
      why: 'nobody knows any more what became of it: it was not sampled, was dropped on the way, or is not there yet',
      next: 'otel-lab flow, to see how far a request gets',
    }
  )
}

/** A trace without its root: which spans are missing is not to be seen in it. */
export async function whyNoRoot(traceId: string, why: Why): Promise<Break> {
  const base = { after: 'trace' as const, message: `trace ${traceId} has no root: what began it is not there` }
  const lost = await lostAt(why, base, 'traces', ['root'], traceId)
  return (
    lost ?? {
      ...base,
      why: 'its root has not ended yet, comes from another program, or was dropped on the way',
      next: 'otel-lab doctor latest',
    }
  )
}

/** Logs that do not lead back to the trace. */
export async function whyNoLogs(trace: Trace, why: Why): Promise<Break> {
  const service = String(trace.spans[0]?.resource['service.name'] ?? '')
  const base = { after: 'span' as const, message: 'no log line bears the id of this trace' }
  const selector = `{service_name=${JSON.stringify(service)}}`
  const now = (why.ports.now ?? Date.now)()
  const lines = await why.backends.loki
    .streams(selector, { start: now - 3_600_000, end: now }, { limit: 50 })
    .catch(() => [])
  const rows = lines.flatMap(({ entries }) => entries)
  if (rows.some(({ line }) => line.includes(trace.traceId))) {
    return {
      ...base,
      why: 'the id stands in the text of the lines and not beside it: they have to be parsed first',
      next: `otel-lab query loki '${selector} | json | trace_id="${trace.traceId}"'`,
    }
  }
  const lost = await lostAt(why, base, 'logs', [undefined, 'run'], trace.traceId)
  if (lost) return lost
  if (rows.length === 0) {
    return { ...base, why: `Loki has no line of ${service} at all in the last hour`, next: 'otel-lab doctor' }
  }
  return {
    ...base,
    why: `${service} writes lines, but outside of its spans or without its trace context`,
    next: 'log inside an active span, through an SDK that adds the context',
  }
}
