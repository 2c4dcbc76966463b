import { fieldOf, logRows } from '../backends/loki-streams.ts'
import type { Window } from '../backends/time.ts'
import { callOf, windowOf } from './context.ts'
import type { ExerciseLab } from './lab.ts'

export type Language = 'traceql' | 'promql' | 'logql'

/** One row of a result: a span that matched, a series, or a log line. */
export interface Row {
  /** A span's attributes and `name`, a series' labels, or a line's labels, metadata and parsed fields. */
  labels: Record<string, string>
  /** A sample; the seconds that a span took. */
  value?: number
  /** Milliseconds since the epoch. */
  time?: number
  line?: string
  traceId?: string
  spanId?: string
}

/** Instead of the attempt's own time: which data is looked at, and how long one may take. */
export interface Asked {
  window?: Window
  /** Of an instant query; now unless said. */
  time?: number
  timeoutMs?: number
}

/** Whom one asks, and from when on; an exercise has more. */
export interface QueryScope {
  lab: Pick<ExerciseLab, 'backends' | 'signal' | 'now'>
  attempt: { startedAt: number }
}

/** Tempo refuses to give more of one trace (max_spans_per_span_set). */
const MAX_SPANS = 100

const CLI = { traceql: 'tempo', promql: 'prometheus', logql: 'loki' } as const
export const SIGNAL_OF = { traceql: 'traces', promql: 'metrics', logql: 'logs' } as const
export const VISIBLE_OF = { traceql: 'trace-by-search', promql: 'metrics', logql: 'logs' } as const

/** Everything of a run, in each language. */
export const anyOf = (language: Language, runId: string) =>
  ({
    traceql: `{resource.otel_lab.run.id="${runId}"}`,
    promql: `{instance="${runId}"}`,
    logql: `{service_instance_id="${runId}"}`,
  })[language]

/** Lines may tell of what happened before their program ran. */
const EARLIER_MS = 3_600_000

/** A run's lines of the last hour, whether its id is a label or, on what a file gave, a field. Each is found by one query. */
export const linesOf = (runId: string) => [
  `{service_instance_id="${runId}"}`,
  `{service_name=~".+", service_instance_id!="${runId}"} | otel_lab_run_id="${runId}"`,
]

/** The time of an attempt, for what may have happened before it. */
export const longWindowOf = (scope: QueryScope): Window => {
  const { start, end } = windowOf(scope)
  return { start: start - EARLIER_MS, end }
}

/** How a learner asks the same by hand. */
export const byHand = (language: Language, query: string) => `otel-lab query ${CLI[language]} '${query}'`

/** Asks a backend in its own language, over the time of the attempt. Throws QueryError for a query that it refuses. */
export async function ask(
  scope: QueryScope,
  language: Language,
  query: string,
  { time, timeoutMs, window = windowOf(scope) }: Asked = {},
): Promise<Row[]> {
  const { tempo, prometheus, loki } = scope.lab.backends
  const call = { ...callOf(scope.lab), ...(timeoutMs === undefined ? {} : { timeoutMs }) }
  if (language === 'promql') {
    const samples = await prometheus.vector(query, { ...call, ...(time === undefined ? {} : { time }) })
    return samples.map(({ labels, value, time }) => ({ labels, value, time }))
  }
  if (language === 'traceql') {
    const found = await tempo.search(query, { window, limit: 1_000, spansPerTrace: MAX_SPANS, ...call })
    return found.flatMap(({ traceId, rootName, rootService, spans }) =>
      spans.map(({ spanId, attributes, name, startNs, durationNs }) => ({
        spanId,
        labels: {
          'trace:rootName': rootName,
          'trace:rootService': rootService,
          ...(name === undefined ? {} : { name }),
          ...Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)])),
        },
        value: Number(durationNs) / 1e9,
        time: Number(startNs / 1_000_000n),
        traceId,
      })),
    )
  }
  const result = await loki.queryRange(query, window, { limit: 1_000, direction: 'forward', ...call })
  if (result.type === 'streams') {
    return logRows(result.streams).map((row) => {
      const traceId = fieldOf(row, 'trace_id')
      return {
        labels: { ...row.labels, ...row.metadata, ...row.parsed },
        line: row.line,
        time: Number(row.ns / 1_000_000n),
        ...(traceId ? { traceId } : {}),
      }
    })
  }
  if (result.type === 'vector') return result.samples.map(({ labels, value, time }) => ({ labels, value, time }))
  // A metric query over a range: what it has come to at the end.
  if (result.type === 'matrix') {
    return result.series.flatMap(({ labels, samples }) => {
      const last = samples.at(-1)
      return last ? [{ labels, value: last.value, time: last.time }] : []
    })
  }
  return result.type === 'scalar' ? [{ labels: {}, value: result.sample.value, time: result.sample.time }] : []
}
