import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requestFromJson } from '../../../src/otlp/json.ts'
import { tempoOver } from '../../support/tempo-app.ts'
import { judged, type Tally } from '../shared/tally.ts'

interface Set {
  matched?: number
  attributes?: { key: string; value: object }[]
  spans: { spanID: string; name?: string; attributes?: { key: string; value: object }[] }[]
}

interface Case {
  from: string
  line: number
  query: string
  engineForm?: string
  match?: boolean
  containsRootSpan?: boolean
  expected?: { spanSets: Set[] }[] | { key: string }
  tags?: Record<string, string>
  start?: number
  end?: number
}

export interface EndToEndSuite {
  trace: unknown
  expectedMeta: Record<string, string | number>
  cases: Case[]
  tagValues: { line: number; tag: string; query: string; expected: { type: string; value: string }[] }[]
  tagNames: { line: number; query: string; expected: Record<string, string[]> }[]
}

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON the server answers
type Get = (path: string, params: Record<string, string>) => Promise<any>

/** An embedded Tempo that holds the suite's trace and some noise around it, cut and ready to be found. */
export async function embeddedTempo(suite: EndToEndSuite, inBlocks: boolean): Promise<Get> {
  const dir = await mkdtemp(join(tmpdir(), 'traceql-'))
  const { store, app } = await tempoOver(
    dir,
    'query_frontend: {query_end_cutoff: 0s, search: {max_duration: 0s}}',
    1_000_000_000_000,
  )
  store.append(requestFromJson('traces', suite.trace), 1, 0)
  for (let i = 1; i < 50; i++) store.append(requestFromJson('traces', noise(i)), 1, 0)
  await store.cut(0, true)
  if (inBlocks) await store.flush(1e12)
  return async (path, params) => {
    const answer = await app.request(`${path}?${new URLSearchParams(params)}`)
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${answer.status} ${text}`)
    return JSON.parse(text)
  }
}

function noise(i: number): unknown {
  const span = (id: number, parent: string) => ({
    traceId: String(i).padStart(32, 'a'),
    spanId: String(id).padStart(16, 'b'),
    parentSpanId: parent,
    name: `noise-${i}`,
    kind: 1,
    startTimeUnixNano: '1000000000000',
    endTimeUnixNano: '1000100000000',
    status: {},
    attributes: [{ key: 'noise', value: { intValue: String(i) } }],
  })
  const spans = [span(1, ''), span(2, '1'.padStart(16, 'b'))]
  const attributes = [{ key: 'service.name', value: { stringValue: `noise-${i % 5}` } }]
  return { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name: 'noise' }, spans }] }] }
}

/** What to find, and what not, put to a Tempo that holds the trace of the suite. */
export async function endToEndCases(suite: EndToEndSuite, get: Get, where: string, tally: Tally): Promise<void> {
  const id = String(suite.expectedMeta.traceID).replace(/^0+/, '')
  const window = { start: '1', end: '2000', limit: '1000' }
  const put = async <C extends { line: number; query: string }>(
    name: string,
    cases: C[],
    work: (c: C) => Promise<string | undefined>,
  ) => tally(`${name}, ${where}`, await Promise.all(cases.map((c) => judged(`${c.line} ${c.query}`, () => work(c)))))
  await put('end to end, search', suite.cases, check)
  await put('end to end, tag values', suite.tagValues, async ({ tag, query, expected }) => {
    const { tagValues } = await get(`/api/v2/search/tag/${encodeURIComponent(tag)}/values`, { ...window, q: query })
    return difference(byValue(tagValues), byValue(expected))
  })
  await put('end to end, tag names', suite.tagNames, async ({ query, expected }) => {
    const { scopes } = await get('/api/v2/search/tags', { ...window, q: query })
    // Tempo's own test adds to these what its newer blocks know of events, links and scopes.
    const names = Object.keys(expected).map((scope) => {
      const found = scopes.find((s: { name: string }) => s.name === scope)
      return [scope, [...(found?.tags ?? [])].sort()]
    })
    const wanted = Object.entries(expected).map(([scope, tags]) => [scope, [...tags].sort()])
    return difference(names, wanted)
  })

  async function check(c: Case): Promise<string | undefined> {
    const span = { ...window, ...(c.start && { start: String(c.start), end: String(c.end) }) }
    const { traces } = await get('/api/search', { ...span, q: c.query, spss: '100' })
    const found = traces.find((t: { traceID: string }) => t.traceID === id)
    if (c.tags) {
      const tags = Object.entries(c.tags).map(([k, v]) => `${k}=${JSON.stringify(v)}`)
      const byTags = await get('/api/search', { ...span, tags: tags.join(' ') })
      const there = byTags.traces.some((t: { traceID: string }) => t.traceID === id)
      if (there !== c.match) return `by tags ${JSON.stringify(c.tags)} ${there ? 'found' : 'not found'}`
    }
    if (c.containsRootSpan !== undefined) {
      const { traces: all } = await get('/api/search', { ...span, q: c.engineForm ?? c.query, spss: '100' })
      const ids = all.flatMap((t: { spanSets: Set[] }) => t.spanSets.flatMap((s) => s.spans.map((x) => x.spanID)))
      return ids.includes('0000000000040506') === c.containsRootSpan ? undefined : `spans ${ids}`
    }
    if ((found !== undefined) !== c.match) return found ? 'found' : 'not found'
    if (found === undefined) return undefined
    const meta = metaFault(found, suite)
    if (meta !== undefined || c.expected === undefined) return meta
    if ('key' in c.expected) {
      const { key } = c.expected
      const keys = found.spanSets.flatMap((s: Set) => s.spans.flatMap((x) => (x.attributes ?? []).map((a) => a.key)))
      // Tempo lists no intrinsic that has a place of its own.
      return key === 'duration' || keys.includes(key) ? undefined : `no ${key} among ${keys}`
    }
    const got = canonicalSets(found.spanSets)
    const wanted = canonicalSets(c.expected[0]!.spanSets)
    return got === wanted ? undefined : `\n    got  ${got}\n    want ${wanted}`
  }
}

const byValue = (list: { value: string }[]) => [...list].sort((a, b) => (a.value < b.value ? -1 : 1))

function difference(got: unknown, wanted: unknown): string | undefined {
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)]
  return a === b ? undefined : `got ${a}, wanted ${b}`
}

function metaFault(found: Record<string, unknown>, { expectedMeta }: EndToEndSuite): string | undefined {
  for (const key of ['startTimeUnixNano', 'durationMs', 'rootServiceName', 'rootTraceName']) {
    if (found[key] !== expectedMeta[key]) return `${key} is ${found[key]}`
  }
  return undefined
}

function canonicalSets(sets: Set[]): string {
  const pairs = (list: { key: string; value: object }[] = []) =>
    list.map((a) => `${a.key}=${JSON.stringify(Object.values(a.value).map(String))}`).sort()
  return sets
    .map((s) => {
      const spans = s.spans.map((x) => `${x.spanID} ${x.name ?? ''} ${pairs(x.attributes)}`).sort()
      return JSON.stringify([s.matched, pairs(s.attributes), spans])
    })
    .sort()
    .join('\n         ')
}
