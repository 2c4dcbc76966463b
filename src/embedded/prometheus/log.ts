/** A line as Prometheus 3 logs it: slog's text form. */
export function logLine(time: Date, level: string, message: string, fields: Record<string, unknown>): string {
  const pairs = Object.entries(fields).map(([key, value]) => `${key}=${quoteIfNeeded(String(value))}`)
  return [`time=${time.toISOString()}`, `level=${level.toUpperCase()}`, `msg=${quoteIfNeeded(message)}`, ...pairs].join(
    ' ',
  )
}

const quoteIfNeeded = (text: string) => (/^[\w./:-]+$/.test(text) ? text : JSON.stringify(text))
