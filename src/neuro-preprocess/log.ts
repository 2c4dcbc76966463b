import { type Context, context, isSpanContextValid, trace } from '@opentelemetry/api'

export type LogLevel = 'INFO' | 'WARNING' | 'ERROR'
export type LogFields = Record<string, string | number | boolean>

export interface LogRecord {
  level: LogLevel
  time: Date
  message: string
  fields: LogFields
  /** The record as one line of JSON. */
  line: string
  /** Whose span it belongs to. */
  context: Context
}

export type LogSink = (record: LogRecord) => void

/** `inside` is the context that the record is about, if not the active one. */
export type Log = (level: LogLevel, message: string, fields?: LogFields, inside?: Context) => void

/** Structured logs: each record as JSON with the ids of the span it was written in, to every sink. */
export function createLog(sinks: readonly LogSink[], now: () => number): Log {
  return (level, message, fields = {}, inside = context.active()) => {
    const time = new Date(now())
    const span = trace.getSpanContext(inside)
    const ids = span && isSpanContextValid(span) ? { trace_id: span.traceId, span_id: span.spanId } : {}
    const line = JSON.stringify({ timestamp: time.toISOString(), level, message, ...ids, ...fields })
    for (const sink of sinks) sink({ level, time, message, fields, line, context: inside })
  }
}
