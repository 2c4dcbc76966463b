import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { RunningService } from '../../../src/embedded/component.ts'
import { createNetwork } from '../../../src/embedded/network.ts'
import { startPrometheus } from '../../../src/embedded/prometheus/prometheus.ts'

let dir: string
let target: Server
let page: string
let headers: Record<string, string | string[] | undefined>
let service: RunningService
const logged: string[] = []

const config = (jobs: string) => `global: {scrape_interval: 200ms}\nscrape_configs:\n${jobs}`
const APP = `  - {job_name: app, static_configs: [{targets: ['app:1234'], labels: {team: neuro}}]}\n`

async function start(text: string) {
  const network = createNetwork({ portOffset: 0 })
  network.register('app', 1234, (target.address() as AddressInfo).port)
  // Any free port instead of 9090: tests of several checkouts run side by side.
  network.bindPort = () => 0
  await writeFile(join(dir, 'prometheus.yml'), text)
  service = await startPrometheus({
    name: 'prometheus',
    network,
    dataDir: join(dir, 'data'),
    configText: text,
    configPath: join(dir, 'prometheus.yml'),
    env: {},
    log: (line) => logged.push(line),
  })
}

async function ask(path: string, init?: RequestInit) {
  const answer = await fetch(`http://127.0.0.1:${service.ports().http}${path}`, init)
  const text = await answer.text()
  return { status: answer.status, text, json: text.startsWith('{') ? JSON.parse(text) : undefined }
}

/** What an instant query finds: the labels, and the value. */
async function query(expression: string): Promise<[Record<string, string>, string][]> {
  const { json } = await ask(`/api/v1/query?query=${encodeURIComponent(expression)}`)
  return json.data.result.map((s: { metric: Record<string, string>; value: [number, string] }) => [
    s.metric,
    s.value[1],
  ])
}

const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 5000, interval: 30 })

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'prometheus-'))
  logged.length = 0
  page = [
    '# TYPE jobs counter',
    '# HELP jobs Jobs done.',
    'jobs_total{job="inner"} 7 # {trace_id="abc"} 0.5 1700000000.5',
    'temp 1.5',
    '# EOF\n',
  ].join('\n')
  target = createServer((request, response) => {
    headers = request.headers
    response.setHeader('content-type', 'application/openmetrics-text; version=1.0.0; charset=utf-8')
    response.end(page)
  })
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  await service?.stop()
  target.closeAllConnections()
  await new Promise((resolve) => target.close(resolve))
  await rm(dir, { recursive: true })
})

test('scrapes, stores, answers, and has it all again after a restart', async () => {
  await start(config(APP))
  expect((await ask('/-/ready')).text).toBe('Prometheus Server is Ready.\n')
  await until(async () => {
    expect(await query('jobs_total')).toEqual([
      [{ __name__: 'jobs_total', exported_job: 'inner', job: 'app', instance: 'app:1234', team: 'neuro' }, '7'],
    ])
  })
  expect(headers.accept).toMatch(/^application\/openmetrics-text;version=1\.0\.0/)
  expect(await query('up')).toEqual([[{ __name__: 'up', job: 'app', instance: 'app:1234', team: 'neuro' }, '1']])
  expect((await query('{__name__=~"scrape_samples.*"}')).map(([, value]) => value)).toEqual(['2', '2'])

  const exemplars = async () => (await ask('/api/v1/query_exemplars?query=rate(jobs_total[1m])')).json.data
  expect(await exemplars()).toMatchObject([
    {
      seriesLabels: { __name__: 'jobs_total', job: 'app' },
      exemplars: [{ labels: { trace_id: 'abc' }, value: '0.5', timestamp: 1700000000.5 }],
    },
  ])
  const { activeTargets } = (await ask('/api/v1/targets')).json.data
  expect(activeTargets).toMatchObject([
    { health: 'up', lastError: '', scrapeUrl: 'http://app:1234/metrics', scrapeInterval: '200ms', scrapePool: 'app' },
  ])
  expect((await ask('/api/v1/metadata')).json.data.jobs).toEqual([{ type: 'counter', help: 'Jobs done.', unit: '' }])

  await service.stop()
  const before = Date.now()
  await start(config(''))
  expect((await query(`jobs_total{team="neuro"}`))[0]?.[1]).toBe('7')
  expect(await exemplars()).toHaveLength(1)
  const range = await ask(`/api/v1/query_range?query=temp&start=${before / 1000 - 1}&end=${before / 1000}&step=100ms`)
  expect(range.json.data.result[0].values.at(-1)).toEqual([expect.any(Number), '1.5'])
})

test('a counter that says when it began counts from zero', async () => {
  const created = Date.now() / 1000 - 20
  page = page.replace('temp 1.5', `# TYPE done counter\ndone_total 4\ndone_created ${created}`)
  await start(config(APP))
  await until(async () => expect(await query('done_total')).toHaveLength(1))
  const { json } = await ask('/api/v1/query?query=done_total[1m]')
  const [zero, first] = json.data.result[0].values
  expect([zero[1], first[1]]).toEqual(['0', '4'])
  expect(zero[0]).toBeCloseTo(created, 2)
  expect(await query('done_created')).toEqual([])
})

test('what vanishes from the page, or whose target dies, goes stale at once', async () => {
  await start(config(APP))
  await until(async () => expect(await query('temp')).toHaveLength(1))
  page = page.replace('temp 1.5\n', '')
  await until(async () => expect(await query('temp')).toEqual([]))
  expect(await query('jobs_total')).toHaveLength(1)
  page = 'no page at all'
  await until(async () => expect(await query('jobs_total')).toEqual([]))
  expect((await query('up'))[0]?.[1]).toBe('0')
  const [{ health, lastError }] = (await ask('/api/v1/targets')).json.data.activeTargets
  expect({ health, lastError }).toMatchObject({
    health: 'down',
    lastError: expect.stringContaining('unsupported character in float'),
  })
})

test('honor_labels keeps the page’s labels; a limit fails the scrape whole', async () => {
  await start(
    config(
      `  - {job_name: app, honor_labels: true, static_configs: [{targets: ['app:1234']}]}\n` +
        `  - {job_name: small, sample_limit: 1, static_configs: [{targets: ['app:1234']}]}\n`,
    ),
  )
  await until(async () => {
    expect((await query('jobs_total')).map(([labels]) => labels.job)).toEqual(['inner'])
    expect((await query('up')).map(([labels, value]) => [labels.job, value]).sort()).toEqual([
      ['app', '1'],
      ['small', '0'],
    ])
  })
  const targets = (await ask('/api/v1/targets?scrapePool=small')).json.data.activeTargets
  expect(targets).toMatchObject([{ lastError: 'sample limit exceeded' }])
})

test('reload applies a good config, refuses a bad one and keeps the old', async () => {
  await start(config(APP))
  await until(async () => expect(await query('temp')).toHaveLength(1))
  await writeFile(join(dir, 'prometheus.yml'), 'scrape_configs:\n  - nonsense: 1\n    job_name: a')
  const refused = await ask('/-/reload', { method: 'POST' })
  expect(refused.status).toBe(500)
  expect(refused.text).toContain('line 2: field nonsense not found in type config.plain')
  expect((await ask('/api/v1/status/config')).json.data.yaml).toContain('team: neuro')
  await writeFile(join(dir, 'prometheus.yml'), config(''))
  expect((await ask('/-/reload', { method: 'POST' })).status).toBe(200)
  expect((await ask('/api/v1/targets')).json.data.activeTargets).toEqual([])
  expect(await query('temp')).toEqual([])
  expect(await query('up')).toEqual([])
})

test.each([
  ['/api/v1/query?query=', 400, 'bad_data', 'no expression found in input'],
  ['/api/v1/query?query=up&time=soon', 400, 'bad_data', 'cannot parse "soon" to a valid timestamp'],
  ['/api/v1/query_range?query=up&start=2&end=1&step=1', 400, 'bad_data', 'invalid parameter "end"'],
  ['/api/v1/query_range?query=up&start=1&end=2&step=0', 400, 'bad_data', 'zero or negative query resolution'],
  [
    '/api/v1/query_range?query=up&start=0&end=20000&step=1',
    400,
    'bad_data',
    'exceeded maximum resolution of 11,000 points',
  ],
  ['/api/v1/series', 400, 'bad_data', 'no match[] parameter provided'],
  ['/api/v1/series?match[]={x=~".*"}', 400, 'bad_data', 'match[] must contain at least one non-empty matcher'],
  ['/api/v1/labels?match[]={', 400, 'bad_data', 'invalid parameter "match[]"'],
])('%s is refused as the real one does', async (path, status, errorType, message) => {
  await start(config(''))
  const answer = await ask(path)
  expect(answer.status).toBe(status)
  expect(answer.json).toMatchObject({ status: 'error', errorType, error: expect.stringContaining(message) })
})

test('series, labels and values, by GET and POST, with a limit', async () => {
  await start(config(APP))
  await until(async () => expect(await query('temp')).toHaveLength(1))
  const form = new URLSearchParams([
    ['match[]', 'temp'],
    ['match[]', 'up'],
  ])
  const { json } = await ask('/api/v1/series', { method: 'POST', body: form })
  expect(json.data.map((s: Record<string, string>) => s.__name__)).toEqual(['temp', 'up'])
  expect((await ask('/api/v1/labels?match[]=temp')).json.data).toEqual(['__name__', 'instance', 'job', 'team'])
  const values = (await ask('/api/v1/label/__name__/values?limit=1')).json
  expect(values).toEqual({ status: 'success', data: ['jobs_total'], warnings: ['results truncated due to limit'] })
})

test('answers PromQL with the real API’s errors, warnings and infos', async () => {
  await start(config(APP))
  await until(async () => expect(await query('temp')).toHaveLength(1))
  const asked = async (text: string, more = '') =>
    (await ask(`/api/v1/query?query=${encodeURIComponent(text)}${more}`)).json
  expect(await asked('sum by (job) (jobs_total{job!=""}) * 2')).toMatchObject({
    data: { resultType: 'vector', result: [{ metric: { job: 'app' }, value: [expect.any(Number), '14'] }] },
  })
  expect(await asked('rate(temp[1h])')).not.toHaveProperty('warnings')
  expect((await asked('quantile(7, temp)')).warnings).toEqual([
    'PromQL warning: quantile value should be between 0 and 1, got 7 (1:10)',
  ])
  expect(await asked('sum(temp')).toEqual({
    status: 'error',
    errorType: 'bad_data',
    error: 'invalid parameter "query": 1:9: parse error: unclosed left parenthesis',
  })
  expect(await asked('up + on () up or on () label_replace(up, "x", "", "", "(")')).toMatchObject({
    errorType: 'execution',
    error: 'invalid regular expression in label_replace(): (',
  })
  expect(await asked('temp', '&timeout=0s&time=1')).toMatchObject({ status: 'success' })
  const ranged = await ask('/api/v1/query_range?query=temp[5m]&start=0&end=10&step=1')
  expect(ranged.json.error).toBe(
    'invalid parameter "query": invalid expression type "range vector" for range query, must be Scalar or instant Vector',
  )
  const long = await ask('/api/v1/query', {
    method: 'POST',
    body: new URLSearchParams({ query: `up${'+up'.repeat(333_333)}` }),
  })
  expect(long.status).toBe(400)
  expect(long.json.error).toContain('is longer than')
  expect((await ask('/api/v1/format_query?query=sum(up)by(job)')).json.data).toBe('sum by (job) (up)')
  const parsed = (
    await ask(`/api/v1/parse_query?query=${encodeURIComponent('rate(foo{a="b"}[5m]) > bool on (a) 2 * bar')}`)
  ).json
  expect(parsed.data).toMatchObject({
    type: 'binaryExpr',
    op: '>',
    bool: true,
    lhs: { type: 'call', func: { name: 'rate', argTypes: ['matrix'], returnType: 'vector' } },
    matching: { card: 'one-to-one', labels: ['a'], on: true },
  })
  const [range] = parsed.data.lhs.args
  expect([range.type, range.name, range.range, range.offset]).toEqual(['matrixSelector', 'foo', 300_000, 0])
  expect(range.matchers).toEqual([
    { name: 'a', value: 'b', type: '=' },
    { name: '__name__', value: 'foo', type: '=' },
  ])
  expect((await ask('/api/v1/parse_query?query=foo[5m1]')).json.error).toContain('bad number or duration syntax: "5m1"')
  expect((await ask('/api/v1/features')).json.data).toMatchObject({
    api: { remote_write_receiver: true, otlp_write_receiver: false },
    promql_functions: { rate: true, info: false },
  })
})

test('an answer of millions of points is refused, not built', async () => {
  page = `# TYPE g gauge\n${Array.from({ length: 200 }, (_, i) => `g{i="${i}"} ${i}\n`).join('')}# EOF\n`
  await start(config(APP))
  await until(async () => expect(await query('count(g)')).toEqual([[{}, '200']]))
  const now = Date.now() / 1000
  const range = `&start=${now}&end=${now + 218}&step=0.02`
  const { json } = await ask(`/api/v1/query_range?query=g${range}`)
  expect(json).toMatchObject({ errorType: 'execution', error: expect.stringContaining('more than 2000000 points') })
  expect((await ask(`/api/v1/query_range?query=sum(g)${range}`)).json.data.result[0].values).toHaveLength(10_901)
})
