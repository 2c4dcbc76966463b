import type { LokiClient } from '../backends/loki.ts'
import type { PrometheusClient } from '../backends/prometheus.ts'
import type { TempoClient } from '../backends/tempo.ts'
import type { Window } from '../backends/time.ts'
import { QueryError } from '../errors.ts'
import { logqlMeant } from './meant/logql.ts'
import { promqlMeant } from './meant/promql.ts'
import { traceqlMeant } from './meant/traceql.ts'

export interface MeantIn {
  window: Window
  signal: AbortSignal
}

/** So many are tried. */
const TRIES = 6

/** What somebody who typed this query may have meant: another that finds something, or nothing. */
export async function meantOfTempo(tempo: TempoClient, query: string, { window, signal }: MeantIn) {
  const may = await traceqlMeant(query, {
    tags: () => tempo.tags({ window, signal }),
    values: (tag) => tempo.tagValues(tag, { window, signal }),
  }).catch(() => [])
  return firstThat(may, query, async (one) => (await tempo.search(one, { window, limit: 1, signal })).length > 0)
}

/** The same in PromQL; of a query that was refused, where it was. */
export async function meantOfPrometheus(
  prometheus: PrometheusClient,
  query: string,
  { window, signal }: MeantIn,
  refused?: QueryError,
) {
  const may = await promqlMeant(query, refused, {
    names: () => prometheus.labelValues('__name__', { signal }),
    labels: () => prometheus.labels({ signal }),
    values: (label) => prometheus.labelValues(label, { signal }),
  }).catch(() => [])
  const finds = async (one: string) => {
    const found = await prometheus.query(one, { time: window.end, signal })
    return found.type === 'vector' ? found.samples.length > 0 : found.type === 'scalar'
  }
  return firstThat(may, query, finds)
}

/** The same in LogQL, of queries for lines. */
export async function meantOfLoki(loki: LokiClient, query: string, { window, signal }: MeantIn) {
  const may = await logqlMeant(query, {
    labels: () => loki.labels(window, { signal }),
    values: (label) => loki.labelValues(label, window, { signal }),
  }).catch(() => [])
  return firstThat(may, query, async (one) => (await loki.streams(one, window, { limit: 1, signal })).length > 0)
}

async function firstThat(may: readonly string[], query: string, finds: (one: string) => Promise<boolean>) {
  for (const one of [...new Set(may)].filter((other) => other !== query).slice(0, TRIES)) {
    if (await finds(one).catch(() => false)) return one
  }
  return undefined
}

/** A command line that asks it. */
export const askAgain = (backend: 'tempo' | 'prometheus' | 'loki', query: string): string =>
  `otel-lab query ${backend} '${query.replaceAll("'", String.raw`'\''`)}'`

/** The same error, with the query that was meant. */
export async function withMeant<T>(
  work: () => Promise<T>,
  meant: (refused: QueryError) => Promise<string | undefined>,
  backend: 'tempo' | 'prometheus' | 'loki',
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    const other = await meant(error).catch(() => undefined)
    if (other !== undefined) error.hint = askAgain(backend, other)
    throw error
  }
}
