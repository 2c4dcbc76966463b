import { type BackendAddress, type Call, httpBackend, methodFor, type Params } from './http.ts'
import { type JsonStream, type LogStream, readStreams } from './loki-streams.ts'
import { type TailCall, tailLoki } from './loki-tail.ts'
import { type JsonResult, type Labels, type MetricResult, readResult } from './prom-values.ts'
import { REFUSALS, throwFault } from './query-fault.ts'
import { isReady, type Readiness } from './ready.ts'
import { toNanos, type Window } from './time.ts'

export type LogResult = { type: 'streams'; streams: LogStream[] } | MetricResult

export interface LogRangeOptions extends Call {
  /** Lines; 100 unless said. */
  limit?: number
  /** Which lines come first, and stay when there are more than the limit. */
  direction?: 'forward' | 'backward'
  /** Milliseconds between the points of a metric query. */
  step?: number
}

export interface LokiClient {
  readonly url: string
  ready(call?: Call): Promise<Readiness>
  /** A metric query at one moment; Loki refuses a log query here. */
  query(query: string, options?: Call & { time?: number; limit?: number }): Promise<LogResult>
  queryRange(query: string, window: Window, options?: LogRangeOptions): Promise<LogResult>
  /** As `queryRange`, for a log query. */
  streams(query: string, window: Window, options?: LogRangeOptions): Promise<LogStream[]>
  /** Lines as they come, over a WebSocket, until `signal` ends it. */
  tail(query: string, call: TailCall): Promise<void>
  labels(window?: Window, call?: Call): Promise<string[]>
  labelValues(name: string, window?: Window, call?: Call): Promise<string[]>
  series(matchers: readonly string[], window?: Window, call?: Call): Promise<Labels[]>
  /** Lines straight into Loki, around the collector. Resolves when they are acknowledged. */
  push(labels: Labels, lines: readonly PushedLine[], call?: Call): Promise<void>
  /** The whole answer as it is; `readLogResult` reads its `data`. */
  raw(path: 'query' | 'query_range', query: string, params?: Params, call?: Call): Promise<LokiAnswer>
}

export interface LokiAnswer {
  status: string
  data: JsonResult
}

export interface PushedLine {
  ns: bigint
  line: string
  metadata?: Labels
}

/** Loki's end is exclusive, ours is not. */
export const lokiRange = (window: Window | undefined): Params =>
  window ? { start: String(toNanos(window.start)), end: String(toNanos(window.end) + 1n) } : {}

/** Asks Loki to keep index labels, structured metadata and parsed labels apart, as Grafana does. */
const CATEGORIZED = { 'x-loki-response-encoding-flags': 'categorize-labels' }

/** Loki's HTTP API. Queries that it refuses are thrown as QueryError, failures to reach it as LabError. */
export function lokiClient(address: BackendAddress): LokiClient {
  const backend = httpBackend('Loki', address)

  async function ask(path: string, query: string, params: Params, call: Call): Promise<LokiAnswer> {
    const request = { ...call, ...methodFor(query), headers: CATEGORIZED, accept: REFUSALS }
    const answer = await backend.get(`/loki/api/v1/${path}`, { query, ...params }, request)
    if (answer.status !== 200) throwFault(backend, messageIn(answer.text), query, answer)
    return backend.parse<LokiAnswer>(answer, path)
  }
  const result = async (path: string, query: string, params: Params, call: Call) =>
    readLogResult((await ask(path, query, params, call)).data)
  async function list<T>(path: string, params: Params, call?: Call): Promise<T[]> {
    // An empty list is left out of the answer.
    return (await backend.json<{ data?: T[] }>(`/loki/api/v1/${path}`, params, call)).data ?? []
  }
  const queryRange: LokiClient['queryRange'] = (query, window, options = {}) => {
    const { limit, direction, step, ...call } = options
    const params = {
      ...lokiRange(window),
      ...(limit === undefined ? {} : { limit }),
      ...(direction === undefined ? {} : { direction }),
      ...(step === undefined ? {} : { step: step / 1000 }),
    }
    return result('query_range', query, params, call)
  }

  return {
    url: backend.shownUrl,
    ready: (call) => isReady(backend, '/ready', '/loki/api/v1/labels', call),
    query(query, { time, limit, ...call } = {}) {
      const params = {
        ...(time === undefined ? {} : { time: String(toNanos(time)) }),
        ...(limit === undefined ? {} : { limit }),
      }
      return result('query', query, params, call)
    },
    queryRange,
    async streams(query, window, options) {
      const found = await queryRange(query, window, options)
      return found.type === 'streams' ? found.streams : []
    },
    tail: (query, call) => tailLoki(address, query, call),
    labels: (window, call) => list('labels', lokiRange(window), call),
    labelValues: (name, window, call) => list(`label/${encodeURIComponent(name)}/values`, lokiRange(window), call),
    series: (matchers, window, call) => list('series', { 'match[]': matchers, ...lokiRange(window) }, call),
    async push(labels, lines, call = {}) {
      const values = lines.map(({ ns, line, metadata }) => [String(ns), line, ...(metadata ? [metadata] : [])])
      await backend.get(
        '/loki/api/v1/push',
        {},
        {
          ...call,
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ streams: [{ stream: labels, values }] }),
        },
      )
    },
    raw: (path, query, params = {}, call = {}) => ask(path, query, params, call),
  }
}

export function readLogResult(data: JsonResult): LogResult {
  if (data.resultType !== 'streams') return readResult(data)
  return { type: 'streams', streams: readStreams(data.result as JsonStream[]) }
}

/** Loki refuses in plain text, Grafana Cloud's gateway in JSON. */
function messageIn(text: string): string {
  try {
    const { message, error } = JSON.parse(text) as { message?: string; error?: string }
    return message ?? error ?? text.trim()
  } catch {
    return text.trim()
  }
}
