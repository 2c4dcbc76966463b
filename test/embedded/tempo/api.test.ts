import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { requestFromJson } from '../../../src/otlp/json.ts'
import { tempoOver } from '../../support/tempo-app.ts'

const CONFIG = 'query_frontend: {query_end_cutoff: 0s}'
const NOW = 1_700_000_000_000
const ID = '0000000000000000000000000000abcd'

let dir: string
let get: (path: string, params?: Record<string, string>) => Promise<Response>

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tempo-api-'))
  const { store, app } = await tempoOver(dir, CONFIG, NOW)
  const span = (i: number) => ({
    traceId: ID,
    spanId: `000000000000000${i}`,
    parentSpanId: i === 1 ? '' : '0000000000000001',
    name: `step ${i}`,
    startTimeUnixNano: String(BigInt(NOW - 5000 + i) * 1_000_000n),
    endTimeUnixNano: String(BigInt(NOW - 4000) * 1_000_000n),
    attributes: [{ key: 'half', value: { stringValue: i < 3 ? 'first' : 'second' } }],
    status: i === 2 ? { code: 2 } : {},
  })
  const attributes = [{ key: 'service.name', value: { stringValue: 'neuro' } }]
  const spans = [1, 2, 3, 4].map(span)
  store.append(
    requestFromJson('traces', { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans }] }] }),
    1,
    0,
  )
  await store.cut(0, true)
  get = async (path, params = {}) => app.request(`${path}?${new URLSearchParams(params)}`)
})
afterEach(() => rm(dir, { recursive: true, force: true }))

test.each([
  [{ mode: 'sideways' }, 'invalid value for mode sideways'],
  [{ start: 'soon' }, 'invalid start: strconv.ParseInt: parsing "soon": invalid syntax'],
  [{ start: '20', end: '10' }, 'http parameter start must be before end. received start=20 end=10'],
])('a trace by id refuses %j', async (params, message) => {
  for (const path of [`/api/traces/${ID}`, `/api/v2/traces/${ID}`]) {
    const answer = await get(path, params)
    expect(answer.status).toBe(400)
    expect((await answer.text()).trim()).toBe(message)
  }
})

test.each([[{}], [{ mode: 'blocks' }], [{ mode: 'ingesters', start: 'x' }], [{ start: '1', end: '2' }]])(
  'a trace by id is found with %j',
  async (params) => {
    expect((await get('/api/traces/ABCD', params as Record<string, string>)).status).toBe(200)
  },
)

test.each([
  ['-5s', 'cannot parse "-5s": step must be positive'],
  ['-5', 'cannot parse "-5": step must be positive'],
  ['Inf', 'cannot parse "Inf" to a valid duration. It overflows int64'],
  ['1e300', 'cannot parse "1e300" to a valid duration. It overflows int64'],
  ['soon', 'cannot parse "soon" to a valid duration'],
  ['1d', 'cannot parse "1d" to a valid duration'],
])('a step of %s is refused', async (step, message) => {
  const answer = await get('/api/metrics/query_range', { q: '{} | rate()', step })
  expect([answer.status, (await answer.text()).trim()]).toEqual([400, `rpc error: code = Code(400) desc = ${message}`])
})

test('exemplars that are no number count as not given; times may be RFC 3339', async () => {
  const answer = await get('/api/metrics/query_range', {
    q: '{} | count_over_time()',
    exemplars: 'many',
    start: new Date(NOW - 20_000).toISOString(),
    end: new Date(NOW).toISOString().replace('Z', '+00:00'),
    step: '10s',
  })
  const { series } = (await answer.json()) as { series: { samples: { value: number }[] }[] }
  expect(series[0]!.samples.reduce((sum, { value = 0 }) => sum + value, 0)).toBe(4)
})

test('compare() counts each value on either side', async () => {
  const answer = await get('/api/metrics/query_range', { q: '{} | compare({ status = error })', step: '1s' })
  const { series } = (await answer.json()) as {
    series: { labels: { key: string; value: { stringValue: string } }[]; samples: { value: number }[] }[]
  }
  const found = series
    .map(({ labels, samples }) => [...labels.map(({ value }) => value.stringValue), labels[1]!.key, samples])
    .filter(([, , key]) => key === 'span.half')
    .map(([type, value, , samples]) => [type, value, (samples as { value?: number }[]).map((s) => s.value ?? 0)])
  const total = (counts: unknown) => (counts as number[]).reduce((sum, n) => sum + n, 0)
  expect(found.map(([type, value, counts]) => `${type} ${value} ${total(counts)}`).sort()).toEqual([
    'baseline first 1',
    'baseline second 2',
    'baseline_total nil 3',
    'selection first 1',
    'selection_total nil 1',
  ])
})

test('the status pages are there', async () => {
  expect(await (await get('/status/version')).text()).toMatch(/^tempo, version 3\./)
  expect(await (await get('/status/config')).text()).toBe(CONFIG)
  expect(await (await get('/status/endpoints')).text()).toContain('GET /api/search\n')
  const all = await (await get('/status')).text()
  for (const page of ['version', 'services', 'endpoints', 'config']) expect(all).toContain(`GET /status/${page}\n`)
  expect((await get('/status/nothing')).status).toBe(404)
})
