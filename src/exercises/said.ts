/** A line of the app's structured log (JSON on stderr), as far as exercises need it. */
export interface SaidLine {
  level: string
  message: string
  traceId?: string
  file?: string
  /** Seconds. */
  duration?: number
  errorType?: string
}

/** Undefined for what is not a structured log line. */
export function saidLine(line: string): SaidLine | undefined {
  const text = line.trim()
  if (!text.startsWith('{') || text.length > 64 * 1024) return undefined
  let fields: Record<string, unknown>
  try {
    fields = JSON.parse(text) as Record<string, unknown>
  } catch {
    return undefined
  }
  const string = (...names: string[]) => names.map((name) => fields[name]).find((value) => typeof value === 'string')
  const message = string('message', 'msg') as string | undefined
  if (message === undefined) return undefined
  const traceId = string('trace_id') as string | undefined
  const file = string('file_path', 'file') as string | undefined
  const errorType = string('error.type', 'error_type') as string | undefined
  return {
    level: String(string('level', 'severity') ?? '').toUpperCase(),
    message,
    ...(traceId && /^[0-9a-f]{32}$/.test(traceId) ? { traceId } : {}),
    ...(file ? { file } : {}),
    ...(typeof fields.duration === 'number' ? { duration: fields.duration } : {}),
    ...(errorType ? { errorType } : {}),
  }
}
