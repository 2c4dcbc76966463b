import { type BackendAddress, type Call, httpBackend, methodFor, type Params } from './http.ts'
import {
  type JsonResult,
  type Labels,
  type MatrixSeries,
  type MetricResult,
  readNumber,
  readResult,
  type VectorSample,
} from './prom-values.ts'
import { REFUSALS, throwFault } from './query-fault.ts'
import { isReady, type Readiness } from './ready.ts'
import type { Window } from './time.ts'

export interface Exemplar {
  labels: Labels
  value: number
  /** Milliseconds since the epoch. */
  time: number
}

export interface ExemplarSeries {
  series: Labels
  exemplars: Exemplar[]
}

export interface ScrapeTarget {
  job: string
  url: string
  health: 'up' | 'down' | 'unknown'
  lastError: string
  /** Milliseconds since the epoch; undefined before the first scrape. */
  lastScrape?: number
  /** As configured, such as `15s`. */
  interval: string
  labels: Labels
}

export interface MetricMetadata {
  type: string
  help: string
  unit: string
}

export interface PrometheusClient {
  readonly url: string
  ready(call?: Call): Promise<Readiness>
  /** At one moment, in milliseconds since the epoch; now unless said. */
  query(query: string, options?: Call & { time?: number }): Promise<MetricResult>
  /** As `query`, for what gives a vector; a scalar is one sample without labels. */
  vector(query: string, options?: Call & { time?: number }): Promise<VectorSample[]>
  queryRange(query: string, window: Window, step: number, call?: Call): Promise<MatrixSeries[]>
  exemplars(query: string, window: Window, call?: Call): Promise<ExemplarSeries[]>
  series(matchers: readonly string[], window?: Window, call?: Call): Promise<Labels[]>
  labels(call?: Call): Promise<string[]>
  labelValues(name: string, call?: Call): Promise<string[]>
  targets(call?: Call): Promise<ScrapeTarget[]>
  metadata(call?: Call): Promise<Record<string, MetricMetadata[]>>
  /** The newest sample of all, in milliseconds since the epoch; undefined when there is none, or none can tell. */
  newestSample(call?: Call): Promise<number | undefined>
  /** The YAML of the config that it runs with. */
  config(call?: Call): Promise<string>
  /** The whole answer as it is. */
  raw(path: string, query: string, params?: Params, call?: Call): Promise<PrometheusAnswer<JsonResult>>
}

export interface PrometheusAnswer<T> {
  status: 'success' | 'error'
  data: T
  errorType?: string
  error?: string
  warnings?: string[]
  infos?: string[]
}

/** All times in milliseconds; Prometheus takes seconds with fractions. */
const seconds = (ms: number) => ms / 1000
const range = (window: Window | undefined): Params =>
  window ? { start: seconds(window.start), end: seconds(window.end) } : {}

/** Prometheus's HTTP API. Queries that it refuses are thrown as QueryError, failures to reach it as LabError. */
export function prometheusClient(address: BackendAddress): PrometheusClient {
  const backend = httpBackend('Prometheus', address)

  async function ask<T>(path: string, query: string, params: Params, call: Call): Promise<PrometheusAnswer<T>> {
    const request = { ...call, ...methodFor(query), accept: [...REFUSALS, 503] }
    const answer = await backend.get(`/api/v1/${path}`, { query, ...params }, request)
    const parsed = backend.parse<PrometheusAnswer<T>>(answer, `/api/v1/${path}`)
    if (parsed.status !== 'success') throwFault(backend, parsed.error ?? answer.text, query, answer)
    return parsed
  }
  async function list<T>(path: string, params: Params = {}, call: Call = {}): Promise<T> {
    return (await backend.json<PrometheusAnswer<T>>(`/api/v1/${path}`, params, call)).data
  }
  const query: PrometheusClient['query'] = async (text, { time, ...call } = {}) =>
    readResult((await ask<JsonResult>('query', text, time === undefined ? {} : { time: seconds(time) }, call)).data)

  return {
    url: backend.shownUrl,
    async newestSample(call = {}) {
      const { headStats } = await list<{ headStats?: { maxTime?: number } }>('status/tsdb', {}, call)
      return headStats?.maxTime !== undefined && headStats.maxTime > 0 ? headStats.maxTime : undefined
    },
    ready: (call) => isReady(backend, '/-/ready', '/api/v1/status/buildinfo', call),
    query,
    async vector(text, options) {
      const result = await query(text, options)
      if (result.type === 'vector') return result.samples
      return result.type === 'scalar' ? [{ labels: {}, ...result.sample }] : []
    },
    async queryRange(text, window, step, call = {}) {
      const params = { ...range(window), step: seconds(step) }
      const result = readResult((await ask<JsonResult>('query_range', text, params, call)).data)
      return result.type === 'matrix' ? result.series : []
    },
    async exemplars(text, window, call = {}) {
      const { data } = await ask<JsonExemplars[]>('query_exemplars', text, range(window), call)
      return data.map(({ seriesLabels, exemplars }) => ({
        series: seriesLabels,
        exemplars: exemplars.map(({ labels, value, timestamp }) => ({
          labels,
          value: readNumber(String(value)),
          time: timestamp * 1000,
        })),
      }))
    },
    series: (matchers, window, call) => list('series', { 'match[]': matchers, ...range(window) }, call),
    labels: (call) => list('labels', {}, call),
    labelValues: (name, call) => list(`label/${encodeURIComponent(name)}/values`, {}, call),
    async targets(call) {
      const { activeTargets = [] } = await list<{ activeTargets?: JsonTarget[] }>('targets', { state: 'active' }, call)
      return activeTargets.map(readTarget)
    },
    metadata: (call) => list('metadata', {}, call),
    config: async (call) => (await list<{ yaml: string }>('status/config', {}, call)).yaml,
    raw: (path, text, params = {}, call = {}) => ask<JsonResult>(path, text, params, call),
  }
}

interface JsonExemplars {
  seriesLabels: Labels
  exemplars: { labels: Labels; value: string | number; timestamp: number }[]
}

interface JsonTarget {
  labels?: Labels
  scrapePool?: string
  scrapeUrl?: string
  health?: ScrapeTarget['health']
  lastError?: string
  lastScrape?: string
  scrapeInterval?: string
}

function readTarget(target: JsonTarget): ScrapeTarget {
  const scraped = Date.parse(target.lastScrape ?? '')
  return {
    job: target.labels?.job ?? target.scrapePool ?? '',
    url: target.scrapeUrl ?? '',
    health: target.health ?? 'unknown',
    lastError: target.lastError ?? '',
    // Go's zero time is the year 1.
    ...(scraped > 0 ? { lastScrape: scraped } : {}),
    interval: target.scrapeInterval ?? '',
    labels: target.labels ?? {},
  }
}
