import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requestFromJson } from '../../../src/otlp/json.ts'
import { tempoOver } from '../../support/tempo-app.ts'
import type { Tally } from './tally.ts'

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
export async function endToEndCases(suite: EndToEndSuite, get: Get, tally: Tally): Promise<void> {
  const id = String(suite.expectedMeta.traceID).replace(/^0+/, '')
  const window = { start: '1', end: '2000', limit: '1000' }
  const verdicts: [boolean, string][] = []
  for (const c of suite.cases) {
    try {
      const wanted = await check(c)
      verdicts.push([wanted === '', `${c.from}:${c.line} ${c.query}: ${wanted}`])
    } catch (error) {
      verdicts.push([false, `${c.from}:${c.line} ${c.query}: ${(error as Error).message}`])
    }
  }
  tally('end to end, search', verdicts)

  async function check(c: Case): Promise<string> {
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
      return ids.includes('0000000000040506') === c.containsRootSpan ? '' : `spans ${ids}`
    }
    if ((found !== undefined) !== c.match) return found ? 'found' : 'not found'
    if (found === undefined || c.expected === undefined) return found ? metaFault(found, suite) : ''
    if ('key' in c.expected) {
      const { key } = c.expected
      const keys = found.spanSets.flatMap((s: Set) => s.spans.flatMap((x) => (x.attributes ?? []).map((a) => a.key)))
      // Tempo lists no intrinsic that has a place of its own.
      return key === 'duration' || keys.includes(key) ? '' : `no ${key} among ${keys}`
    }
    const got = canonicalSets(found.spanSets)
    const wanted = canonicalSets(c.expected[0]!.spanSets)
    return got === wanted ? '' : `\n    got  ${got}\n    want ${wanted}`
  }

  const compare = async (
    name: string,
    list: { line: number; query: string }[],
    run: (c: never) => Promise<unknown[]>,
  ) => {
    const results: [boolean, string][] = []
    for (const c of list) {
      const [got, wanted] = (await run(c as never)).map((v) => JSON.stringify(v))
      results.push([got === wanted, `${c.line} ${c.query}: got ${got} want ${wanted}`])
    }
    tally(name, results)
  }
  const sorted = (list: { value: string }[]) => [...list].sort((a, b) => (a.value < b.value ? -1 : 1))
  await compare('end to end, tag values', suite.tagValues, async (c: EndToEndSuite['tagValues'][number]) => {
    const { tagValues } = await get(`/api/v2/search/tag/${encodeURIComponent(c.tag)}/values`, { ...window, q: c.query })
    return [sorted(tagValues), sorted(c.expected)]
  })
  await compare('end to end, tag names', suite.tagNames, async (c: EndToEndSuite['tagNames'][number]) => {
    const { scopes } = await get('/api/v2/search/tags', { ...window, q: c.query })
    const byName = Object.fromEntries(scopes.map((s: { name: string; tags: string[] }) => [s.name, s.tags]))
    const wanted = Object.entries(c.expected).map(([name, tags]) => [name, [...tags].sort()])
    return [wanted.map(([name]) => [name, byName[name as string]]), wanted]
  })
}

function metaFault(found: Record<string, unknown>, { expectedMeta }: EndToEndSuite): string {
  for (const key of ['startTimeUnixNano', 'durationMs', 'rootServiceName', 'rootTraceName']) {
    if (found[key] !== expectedMeta[key]) return `${key} is ${found[key]}`
  }
  return ''
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
