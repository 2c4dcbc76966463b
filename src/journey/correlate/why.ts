import type { Trace } from '../../backends/trace.ts'
import type { Backends } from '../../backends.ts'
import { resolveConfig } from '../../collector-config.ts'
import type { Engine, Passage } from '../../engine.ts'
import type { Break } from './chain.ts'

interface Asked {
  backends: Backends
  engine: Pick<Engine, 'tap' | 'runningConfig'>
}

/** Exemplars need the app, the exporter's format and Prometheus: which of them lacks? */
export async function whyNoExemplar(selector: string, { backends, engine }: Asked): Promise<Break> {
  const base = { after: 'exemplar' as const, message: `${selector} has no exemplar, so nothing leads to a trace` }
  const page = await backends.collector.exporterPage().catch(() => undefined)
  const text = await engine.runningConfig?.('otel-collector')
  const config = text === undefined ? undefined : resolveConfig(text, process.env).config
  const exporter = [...(config?.exporters.values() ?? [])].find(({ type }) => type === 'prometheus')
  if (exporter && exporter.settings.enable_open_metrics !== true) {
    return {
      ...base,
      why: `exporter ${exporter.id} writes the old text format, which has no exemplars: enable_open_metrics is off`,
      next: `otel-lab config patch --set exporters.${exporter.id}.enable_open_metrics=true`,
    }
  }
  if (page !== undefined && /#\s*\{[^}]*trace_id=/.test(page)) {
    return {
      ...base,
      why: "the collector's page has exemplars and Prometheus has none of this metric: they are older than the window, or it keeps none (exemplar-storage)",
      next: 'a longer --since, or otel-lab doctor',
    }
  }
  return {
    ...base,
    why: 'the collector’s page has none: the app records measurements outside of a sampled span, or its SDK makes no exemplars',
    next: 'begin at the traces instead: otel-lab correlate trace',
  }
}

const BAD = new Set<Passage['step']>(['failed', 'refused', 'retrying'])

/** A trace id without a trace: the last place that saw it tells. */
export async function whyNoTrace(traceId: string, { engine }: Asked): Promise<Break> {
  const base = { after: 'exemplar' as const, message: `Tempo has no trace ${traceId}` }
  const passages =
    (await engine.tap?.passages({ traceId, limit: 1_000 }))?.filter(({ signal }) => signal === 'traces') ?? []
  const last = passages.at(-1)
  if (last === undefined) {
    return {
      ...base,
      why: engine.tap
        ? 'its spans never came to the collector, or that is long ago: not sampled, or still in the program'
        : 'it was not sampled, was dropped on the way, or is not there yet',
      next: 'otel-lab flow, to see how far a request gets',
    }
  }
  const bad = passages.find(({ step }) => BAD.has(step))
  const at = bad ?? last
  if (at.step === 'sent') {
    return {
      ...base,
      why: `${at.id} sent it, and ${at.peer ?? 'the backend'} took it: it went to another backend, or was deleted`,
      next: 'otel-lab topology',
    }
  }
  const where = `${at.kind} ${at.id}${at.pipeline ? ` of pipeline ${at.pipeline}` : ''}`
  return {
    ...base,
    why: bad
      ? `${where} says: ${bad.said ?? bad.step}`
      : `${where} was the last to see it (${at.step}), and did not hand it on`,
    next: 'otel-lab doctor',
  }
}

/** Logs that do not lead back to the trace. */
export async function whyNoLogs(trace: Trace, { backends }: Asked): Promise<Break> {
  const service = String(trace.spans[0]?.resource['service.name'] ?? '')
  const base = { after: 'span' as const, message: 'no log line bears the id of this trace' }
  const selector = `{service_name=${JSON.stringify(service)}}`
  const now = Date.now()
  const lines = await backends.loki
    .streams(selector, { start: now - 3_600_000, end: now }, { limit: 50 })
    .catch(() => [])
  const rows = lines.flatMap(({ entries }) => entries)
  if (rows.length === 0) {
    return { ...base, why: `Loki has no line of ${service} at all in the last hour`, next: 'otel-lab doctor' }
  }
  if (rows.some(({ line }) => line.includes(trace.traceId))) {
    return {
      ...base,
      why: 'the id stands in the text of the lines and not beside it: they have to be parsed first',
      next: `otel-lab query loki '${selector} | json | trace_id="${trace.traceId}"'`,
    }
  }
  return {
    ...base,
    why: `${service} writes lines, but outside of its spans or without its trace context`,
    next: 'log inside an active span, through an SDK that adds the context',
  }
}
