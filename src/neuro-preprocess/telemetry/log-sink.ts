import type { Logger } from '@opentelemetry/api-logs'
import type { LogSink } from '../log.ts'

/** opentelemetry.io/docs/specs/otel/logs/data-model, severity: its number and its short name. */
const SEVERITY = { INFO: [9, 'INFO'], WARNING: [13, 'WARN'], ERROR: [17, 'ERROR'] } as const

/**
 * Sends each log line over OTLP. The body is the JSON line as on stderr, so that `| json` works on it; its fields
 * are attributes too, level among them, so that Loki finds them without parsing: `| level="ERROR"`.
 */
export function otlpSink(logger: Logger): LogSink {
  return ({ line, level, time, fields, context }) => {
    const [severityNumber, severityText] = SEVERITY[level]
    // The one field that OpenTelemetry has a name for; Loki shows it with an underscore again.
    const { error_type, ...rest } = fields
    logger.emit({
      timestamp: time,
      severityNumber,
      severityText,
      body: line,
      attributes: { level, ...rest, ...(error_type === undefined ? {} : { 'error.type': error_type }) },
      context,
    })
  }
}
