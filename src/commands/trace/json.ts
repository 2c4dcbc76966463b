import { fieldOf } from '../../backends/loki-streams.ts'
import { errorOf, type Trace } from '../../backends/trace.ts'
import type { TraceLogs } from '../../lab/trace-logs.ts'

/** For scripts: nanoseconds as text, as OTLP/JSON has them, since a number would round them. */
export function traceToJson(trace: Trace, logs: TraceLogs) {
  const spans = trace.spans.map((span) => ({
    ...span,
    ...(span.status.code === 'error' ? { error: errorOf(span) } : {}),
    durationMs: Number(span.endNs - span.startNs) / 1e6,
  }))
  const lines = logs.rows.map((row) => ({
    ns: row.ns,
    level: fieldOf(row, 'detected_level') ?? fieldOf(row, 'level'),
    spanId: fieldOf(row, 'span_id'),
    line: row.line,
    labels: row.labels,
    metadata: row.metadata,
  }))
  return plain({ traceId: trace.traceId, spans, logs: lines, logsQuery: logs.query, problem: logs.problem })
}

const plain = (value: object): Record<string, unknown> =>
  JSON.parse(JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? String(v) : v)))
