import type { Ask, Attack } from './attack.ts'

const MILLION = 1_000_000
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
/** What backtracking engines need exponential time for, and automata do not. */
const SLOW = '(a+)+(a+)+(a+)+(a+)+$'
const LONG = `${'a'.repeat(20_000)}!`
const HUGE = '((x{1,500}){1,500}){1,500}'

export function queries(at: (port: number) => string): Attack[] {
  const attacks: Attack[] = []
  const now = Math.floor(Date.now() / 1000)
  const window = { start: String(now - 3000), end: String(now + 10) }
  const get = (url: string, params: Record<string, string>): Ask => ({ url: `${url}?${new URLSearchParams(params)}` })
  const post = (url: string, params: Record<string, string>): Ask => ({
    url,
    headers: FORM,
    body: String(new URLSearchParams(params)),
  })
  const add = (name: string, request: Ask, expect: number[], before?: Attack['before']) =>
    attacks.push({ name, request, expect, ...(before ? { before } : {}) })
  const [tempo, prometheus, loki] = [`${at(3200)}/api/search`, `${at(9090)}/api/v1`, `${at(3100)}/loki/api/v1`]

  // By GET a million characters do not fit the head of a request, and the server says so; by POST they come through.
  const long = { tempo: `{ ${'.a = 1 && '.repeat(MILLION / 10)} .b = 2 }`, sum: `${'1+'.repeat(MILLION / 2)}1` }
  add('Tempo: a million characters', get(tempo, { q: long.tempo }), [400, 414, 431])
  add('Prometheus: a million characters', post(`${prometheus}/query`, { query: long.sum }), [400, 413, 422])
  add(
    'Prometheus: 300,000 brackets',
    post(`${prometheus}/query`, { query: `${'('.repeat(3e5)}1${')'.repeat(3e5)}` }),
    [400, 422],
  )
  const filters = `{a="b"} ${'|= "x" '.repeat(MILLION / 7)}`
  add('Loki: a million characters', post(`${loki}/query_range`, { query: filters }), [400, 413])
  add(
    'Loki: 300,000 brackets',
    post(`${loki}/query_range`, { query: `${'('.repeat(3e5)}{a="b"}${')'.repeat(3e5)}` }),
    [400],
  )
  // What does fit: brackets in brackets, as many as a head takes.
  const nested = `{ ${'('.repeat(6000)}.a = 1${')'.repeat(6000)} }`
  add('Tempo: 6000 brackets in each other', get(tempo, { q: nested, ...window }), [200, 400])

  const victims: Attack['before'] = [
    otlpSpan(at, LONG.slice(0, 2000)),
    json(`${at(3100)}/loki/api/v1/push`, {
      streams: [{ stream: { job: 'victim' }, values: [[`${now}000000000`, LONG]] }],
    }),
    { ...get(`${loki}/query_range`, { query: '{job="victim"}' }), until: /"job":"victim"/ },
    // Until Tempo has cut the trace.
    { ...get(tempo, { q: '{ span.text != "" }', ...window }), until: /"traceID"/ },
  ]
  add('Tempo: slow regex', get(tempo, { q: `{ span.text =~ "${SLOW}" }`, ...window }), [200, 400], victims)
  add('Loki: slow regex', get(`${loki}/query_range`, { query: `{job="victim"} |~ "${SLOW}"` }), [200, 400])
  add(
    'Loki: slow regex, extracting',
    get(`${loki}/query_range`, { query: `{job="victim"} | regexp "(?P<x>${SLOW})"` }),
    [200, 400],
  )
  add('Prometheus: slow regex', get(`${prometheus}/query`, { query: `{__name__=~"${SLOW}"}` }), [200, 400, 422])
  add(
    'Prometheus: slow regex in label_replace',
    get(`${prometheus}/query`, {
      query: `label_replace(label_replace(vector(1), "b", "${LONG}", "", ""), "a", "$1", "b", "${SLOW}")`,
    }),
    [200, 400, 422],
  )
  add('Tempo: regex that grows', get(tempo, { q: `{ name =~ "${HUGE}" }`, ...window }), [200, 400])
  add('Loki: regex that grows', get(`${loki}/query_range`, { query: `{job="victim"} |~ "${HUGE}"` }), [200, 400])
  add('Prometheus: regex that grows', get(`${prometheus}/query`, { query: `{__name__=~"${HUGE}"}` }), [200, 400, 422])

  const year = { start: String(now - 365 * 86_400), end: String(now) }
  add('Tempo: a year', get(tempo, { q: '{}', ...year }), [400])
  add('Tempo metrics: a year', get(`${at(3200)}/api/metrics/query_range`, { q: '{} | rate()', ...year }), [400])
  add(
    'Tempo metrics: steps of a microsecond',
    get(`${at(3200)}/api/metrics/query_range`, { q: '{} | rate()', ...window, step: '1us' }),
    [400],
  )
  add('Prometheus: 11,001 points', get(`${prometheus}/query_range`, { query: 'up', ...year, step: '1' }), [400])
  const subquery = 'max_over_time(max_over_time(up[1y:1ms])[1y:1ms])'
  add('Prometheus: subqueries of every millisecond', get(`${prometheus}/query`, { query: subquery }), [400, 422, 503])
  add('Loki: a year', get(`${loki}/query_range`, { query: '{job="victim"}', ...year }), [400])
  add(
    'Loki: a range of a year by the second',
    get(`${loki}/query_range`, { query: 'rate({job="victim"}[1y])', ...window, step: '1' }),
    [200, 400],
  )
  add('Loki: a limit of a million', get(`${loki}/query_range`, { query: '{job="victim"}', limit: '1000000' }), [400])
  add(
    'Loki: a template that grows',
    get(`${loki}/query_range`, { query: `{job="victim"} | line_format "{{ repeat 100000000 .job }}"` }),
    [200, 400],
  )
  return attacks
}

const json = (url: string, body: object): Ask => ({
  url,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

function otlpSpan(at: (port: number) => string, text: string): Ask {
  const nanos = `${Date.now()}000000`
  const attributes = [{ key: 'text', value: { stringValue: text } }]
  const span = {
    traceId: '12'.repeat(16),
    spanId: '34'.repeat(8),
    name: text,
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
    attributes,
  }
  return json(`${at(4318)}/v1/traces`, { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
}
