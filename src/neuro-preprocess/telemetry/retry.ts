interface Result {
  code: number
  error?: Error
}

/** The gRPC codes after which OTLP wants a request sent again (opentelemetry.io/docs/specs/otlp, "Failures"). */
const RETRYABLE = new Set([1, 4, 10, 11, 14, 15])

const FIRST_WAIT_MS = 200
const LONGEST_WAIT_MS = 2_000

/**
 * The SDK sends again over HTTP, but not over gRPC: a collector that restarts would cost what was on its way. Here a
 * request is tried until `limitMs` have passed, with longer and longer waits.
 */
export function withRetry<T, E extends { export(items: T, done: (result: Result) => void): void }>(
  exporter: E,
  limitMs: number,
  now: () => number,
): E {
  const send = exporter.export.bind(exporter)
  exporter.export = (items, done) => {
    const deadline = now() + limitMs
    const attempt = (wait: number) =>
      send(items, (result) => {
        const code = (result.error as { code?: unknown } | undefined)?.code
        const again = result.code !== 0 && typeof code === 'number' && RETRYABLE.has(code)
        if (!again || now() + wait > deadline) return done(result)
        // Alone it must not keep the process alive.
        setTimeout(() => attempt(Math.min(wait * 2, LONGEST_WAIT_MS)), wait).unref()
      })
    attempt(FIRST_WAIT_MS)
  }
  return exporter
}
