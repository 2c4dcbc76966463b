import { EXIT, LabError } from '../errors.ts'
import type { HttpAnswer } from '../util/http.ts'
import { type BackendAddress, type Call, httpBackend, type Params } from './http.ts'
import { REFUSALS, throwFault } from './query-fault.ts'
import { isReady, type Readiness } from './ready.ts'
import {
  type FoundTrace,
  type JsonFound,
  type JsonSeries,
  readFound,
  readSeries,
  type TempoSeries,
} from './tempo-answers.ts'
import { type Window, wholeSeconds } from './time.ts'
import { type JsonResourceSpans, readTrace, type Trace } from './trace.ts'

export interface SearchOptions extends Call {
  window?: Window
  limit?: number
  /** Spans given per trace; 3 unless said. */
  spansPerTrace?: number
}

export interface TagOptions extends Call {
  window?: Window
  /** Only of spans that match this TraceQL. */
  query?: string
}

/** Tempo's HTTP API. Queries that it refuses are thrown as QueryError, failures to reach it as LabError. */
export interface TempoClient {
  readonly url: string
  ready(call?: Call): Promise<Readiness>
  /** Undefined when Tempo has no span of it (yet). */
  traceById(id: string, call?: Call): Promise<Trace | undefined>
  search(query: string, options?: SearchOptions): Promise<FoundTrace[]>
  /** Names of attributes, by scope. */
  tags(options?: TagOptions): Promise<Record<string, string[]>>
  tagValues(tag: string, options?: TagOptions): Promise<string[]>
  metricsRange(query: string, window: Window, options?: Call & { step?: number }): Promise<TempoSeries[]>
  /** The answer as it is, for whoever wants to see it. */
  raw(path: TempoPath, query: string, params?: Params, call?: Call): Promise<TempoAnswer>
}

export type TempoPath = 'search' | 'metrics/query_range' | 'metrics/query'

export interface TempoAnswer {
  traces?: JsonFound[]
  series?: JsonSeries[]
}

export function tempoClient(address: BackendAddress): TempoClient {
  const backend = httpBackend('Tempo', address)

  async function raw(path: TempoPath, query: string, params: Params = {}, call: Call = {}): Promise<TempoAnswer> {
    const answer = await backend.get(`/api/${path}`, { q: query, ...params }, { ...call, accept: REFUSALS })
    if (answer.status !== 200) throwFault(backend, answer.text.trim(), query, answer)
    return backend.parse<TempoAnswer>(answer, `/api/${path}`)
  }
  const tagParams = ({ window, query }: TagOptions): Params => ({
    ...(window ? wholeSeconds(window) : {}),
    ...(query === undefined ? {} : { q: query }),
  })

  return {
    url: backend.shownUrl,
    ready: (call) => isReady(backend, '/ready', '/api/echo', call),
    async traceById(id, call = {}) {
      const traceId = traceIdOf(id)
      const answer = await backend.get(`/api/traces/${traceId}`, {}, { ...call, accept: [404] })
      if (answer.status === 404) return missing(answer, backend.shownUrl)
      const { batches, resourceSpans, trace } = backend.parse<JsonTrace>(answer, '/api/traces')
      return readTrace(traceId, batches ?? resourceSpans ?? trace?.resourceSpans)
    },
    async search(query, { window, limit = 20, spansPerTrace = 3, ...call } = {}) {
      const params = { limit, spss: spansPerTrace, ...(window ? wholeSeconds(window) : {}) }
      const { traces } = await raw('search', query, params, call)
      return (traces ?? []).map(readFound)
    },
    async tags({ signal, timeoutMs, ...options } = {}) {
      const call = callOf(signal, timeoutMs)
      const { scopes } = await backend.json<{ scopes?: { name: string; tags?: string[] }[] }>(
        '/api/v2/search/tags',
        tagParams(options),
        call,
      )
      return Object.fromEntries((scopes ?? []).map(({ name, tags }) => [name, tags ?? []]))
    },
    async tagValues(tag, { signal, timeoutMs, ...options } = {}) {
      const call = callOf(signal, timeoutMs)
      const { tagValues } = await backend.json<{ tagValues?: { value: string }[] }>(
        `/api/v2/search/tag/${encodeURIComponent(tag)}/values`,
        tagParams(options),
        call,
      )
      return (tagValues ?? []).map(({ value }) => value)
    },
    async metricsRange(query, window, { step, ...call } = {}) {
      const params = { ...wholeSeconds(window), ...(step === undefined ? {} : { step: `${step / 1000}s` }) }
      const { series } = await raw('metrics/query_range', query, params, call)
      return readSeries(series)
    },
    raw,
  }
}

interface JsonTrace {
  batches?: JsonResourceSpans[]
  resourceSpans?: JsonResourceSpans[]
  trace?: { resourceSpans?: JsonResourceSpans[] }
}

const callOf = (signal: AbortSignal | undefined, timeoutMs: number | undefined): Call => ({
  ...(signal ? { signal } : {}),
  ...(timeoutMs === undefined ? {} : { timeoutMs }),
})

/** As Tempo takes them: hex without regard to case, leading zeros left out or not. Throws LabError `bad-trace-id`. */
export function traceIdOf(text: string): string {
  const id = text.trim().toLowerCase()
  if (/^[0-9a-f]{1,32}$/.test(id)) return id.padStart(32, '0')
  throw new LabError('bad-trace-id', `${text} is no trace id: it has 32 hexadecimal digits`, {
    hint: "otel-lab query tempo '{}', to see which traces there are",
    exit: EXIT.usage,
  })
}

/** A trace that is not there and a server that is not Tempo both answer 404. */
function missing(answer: HttpAnswer, url: string): undefined {
  if (!answer.type?.includes('html') && !/page not found/i.test(answer.text)) return undefined
  throw new LabError('backend-foreign', `${url} has no /api/traces, so it is not Tempo`, { hint: 'otel-lab status' })
}
