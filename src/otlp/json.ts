import { parseExact } from './json/fields.ts'
import * as read from './json/read.ts'
import * as write from './json/write.ts'
import type { LogRecord, Metric, ResourceOf, Signal, SignalData, Span } from './types.ts'

export { OtlpJsonError } from './json/fields.ts'

const NAMES = {
  traces: { groups: 'resourceSpans', scopes: 'scopeSpans', items: 'spans' },
  metrics: { groups: 'resourceMetrics', scopes: 'scopeMetrics', items: 'metrics' },
  logs: { groups: 'resourceLogs', scopes: 'scopeLogs', items: 'logRecords' },
} as const

const READ = { traces: read.readSpan, metrics: read.readMetric, logs: read.readLogRecord }

/** OTLP/JSON (opentelemetry.io/docs/specs/otlp, "JSON Protobuf Encoding") as objects. Throws OtlpJsonError. */
export function requestFromJson<S extends Signal>(signal: S, value: unknown): SignalData[S] {
  return read.readRequest<Span | Metric | LogRecord>(value, NAMES[signal], READ[signal]) as SignalData[S]
}

/** From the bytes of a body: no digit of a number is lost on the way. Throws OtlpJsonError, or SyntaxError. */
export function requestFromJsonBytes<S extends Signal>(signal: S, bytes: Uint8Array): SignalData[S] {
  return requestFromJson(signal, parseExact(new TextDecoder().decode(bytes)))
}

/** The reverse of `requestFromJson`: an object for JSON.stringify. */
export function requestToJson<S extends Signal>(signal: S, data: SignalData[S]): Record<string, unknown> {
  if (signal === 'traces') return write.requestToJson(data as ResourceOf<Span>[], NAMES.traces, write.spanToJson)
  if (signal === 'metrics') return write.requestToJson(data as ResourceOf<Metric>[], NAMES.metrics, write.metricToJson)
  return write.requestToJson(data as ResourceOf<LogRecord>[], NAMES.logs, write.logRecordToJson)
}
