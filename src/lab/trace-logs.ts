import { setTimeout as sleep } from 'node:timers/promises'
import type { LokiClient } from '../backends/loki.ts'
import { type LogRow, logRows } from '../backends/loki-streams.ts'
import { toMillis } from '../backends/time.ts'
import type { Trace } from '../backends/trace.ts'
import { LabError, QueryError } from '../errors.ts'

const MARGIN_MS = 60_000
const LIMIT = 500

export interface TraceLogs {
  rows: LogRow[]
  /** The query that found them, to be run by hand. */
  query: string
  /** Why there are none, when Loki could not be asked. */
  problem?: string
}

/**
 * The lines that bear the trace's id: as structured metadata, as OTLP logs have it, else anywhere in the line.
 * A trace without its logs is still worth seeing, so Loki's failure is told and not thrown.
 */
export async function logsOf(
  loki: LokiClient,
  trace: Trace,
  options: { waitMs: number; signal: AbortSignal },
): Promise<TraceLogs> {
  const { signal } = options
  const window = {
    start: toMillis(trace.spans[0]!.startNs) - MARGIN_MS,
    // biome-ignore lint/complexity/useMathMinMax: these are bigints
    end: toMillis(trace.spans.reduce((end, { endNs }) => (endNs > end ? endNs : end), 0n)) + MARGIN_MS,
  }
  const byField = `{service_name=~".+"} | trace_id="${trace.traceId}"`
  const byText = `{service_name=~".+"} |= "${trace.traceId}"`
  // Logs take about as long as spans: what was sent together may be a batch apart.
  const until = Math.min(Date.now() + options.waitMs, window.end - MARGIN_MS + 3_000)
  try {
    while (true) {
      for (const query of [byField, byText]) {
        const streams = await loki.streams(query, window, { limit: LIMIT, direction: 'forward', signal })
        if (streams.length > 0) return { rows: logRows(streams), query }
      }
      if (Date.now() >= until) return { rows: [], query: byField }
      await sleep(200, undefined, { signal })
    }
  } catch (error) {
    if (!(error instanceof LabError || error instanceof QueryError)) throw error
    return { rows: [], query: byField, problem: error.message }
  }
}
