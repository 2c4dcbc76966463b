import { httpRequest } from '../../src/util/http.ts'

/** What Grafana's JSON says of a query. */
export interface Target {
  refId: string
  datasource: { type: 'prometheus' | 'tempo' | 'loki' }
  expr?: string
  query?: string
  instant?: boolean
  exemplar?: boolean
}

export interface Series {
  labels: Record<string, string>
  values: number[]
}

export interface Answer {
  series: Series[]
  /** Log lines, or ids of traces. */
  texts: string[]
  /** Trace ids of exemplars. */
  exemplars: string[]
}

export type Urls = Record<Target['datasource']['type'], string>

const RANGE_S = 900
/** So that intervals stand side by side, as the panels' own least interval has them. */
const STEP_S = 60

/** Asks a panel's query of its backend, with Grafana's variables filled in as its panel would at the range of 15 minutes. */
export async function ask(urls: Urls, target: Target, nowMs: number): Promise<Answer> {
  const { type } = target.datasource
  const text = fill(target.expr ?? target.query ?? '')
  const end = Math.ceil(nowMs / 1000 / STEP_S) * STEP_S
  const range = { start: String(end - RANGE_S), end: String(end) }
  const get = (path: string, params: Record<string, string>) =>
    getJson(`${urls[type]}${path}?${new URLSearchParams(params)}`)
  if (type === 'tempo') {
    const { traces = [] } = (await get('/api/search', { q: text, limit: '20', ...range })) as {
      traces?: { traceID: string }[]
    }
    return { series: [], texts: traces.map(({ traceID }) => traceID), exemplars: [] }
  }
  if (type === 'loki') {
    const nanos = { start: `${range.start}000000000`, end: `${range.end}000000000` }
    const { data } = (await get('/loki/api/v1/query_range', { query: text, limit: '200', ...nanos })) as Loki
    return { series: [], texts: data.result.flatMap(({ values }) => values.map(([, line]) => line)), exemplars: [] }
  }
  const path = target.instant ? '/api/v1/query' : '/api/v1/query_range'
  const params = target.instant ? { time: String(nowMs / 1000) } : { ...range, step: String(STEP_S) }
  const { data } = (await get(path, { query: text, ...params })) as Prometheus
  const series = data.result.map(({ metric, value, values }) => ({
    labels: metric,
    values: (values ?? [value!]).map(([, number]) => Number(number)),
  }))
  if (!target.exemplar) return { series, texts: [], exemplars: [] }
  const found = (await get('/api/v1/query_exemplars', { query: text, ...range })) as Exemplars
  return {
    series,
    texts: [],
    exemplars: found.data.flatMap(({ exemplars }) => exemplars.map(({ labels }) => labels.trace_id ?? '')),
  }
}

interface Loki {
  data: { result: { values: [string, string][] }[] }
}
interface Prometheus {
  data: { result: { metric: Record<string, string>; value?: [number, string]; values?: [number, string][] }[] }
}
interface Exemplars {
  data: { exemplars: { labels: Record<string, string> }[] }[]
}

function fill(text: string): string {
  return text
    .replaceAll('$service', 'neuro-preprocess')
    .replaceAll('$__interval', `${STEP_S}s`)
    .replaceAll('$__range', `${RANGE_S}s`)
}

async function getJson(url: string): Promise<unknown> {
  const { status, text } = await httpRequest(url)
  if (status !== 200) throw new Error(`${url} says ${status} ${text}`)
  return JSON.parse(text)
}
