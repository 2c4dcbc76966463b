import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type PrometheusClient, prometheusClient } from '../../src/backends/prometheus.ts'
import { startPrometheus } from '../../src/embedded/prometheus/prometheus.ts'
import { QueryError } from '../../src/errors.ts'
import { type EmbeddedParts, embeddedParts } from '../support/embedded.ts'

const PAGE = `# TYPE work_seconds histogram
# UNIT work_seconds seconds
# HELP work_seconds How long it took.
work_seconds_bucket{le="1.0"} 1 # {trace_id="abc"} 0.5
work_seconds_bucket{le="+Inf"} 2
work_seconds_sum 3.5
work_seconds_count 2
# EOF
`
let parts: EmbeddedParts
let page: Server
let prometheus: PrometheusClient
const window = () => ({ start: Date.now() - 60_000, end: Date.now() })

beforeAll(async () => {
  parts = await embeddedParts()
  page = createServer((_, answer) => {
    answer.setHeader('content-type', 'application/openmetrics-text; version=1.0.0; charset=utf-8')
    answer.end(PAGE)
  })
  await new Promise<void>((done) => page.listen(0, '127.0.0.1', done))
  parts.network.register('app', 1234, (page.address() as AddressInfo).port)
  const config = `global: {scrape_interval: 100ms}
scrape_configs: [{job_name: app, static_configs: [{targets: ['app:1234']}]}]
`
  prometheus = prometheusClient(await parts.start('prometheus', startPrometheus, config))
  await vi.waitFor(async () => expect(await prometheus.vector('work_seconds_sum')).toHaveLength(1), { timeout: 5000 })
})
afterAll(async () => {
  await parts.close()
  page.close()
})

test('instant and range queries', async () => {
  expect((await prometheus.ready()).ready).toBe(true)
  const [sum] = await prometheus.vector('work_seconds_sum')
  expect(sum).toMatchObject({ value: 3.5, labels: { __name__: 'work_seconds_sum', job: 'app', instance: 'app:1234' } })
  expect(Math.abs(sum!.time - Date.now())).toBeLessThan(60_000)
  expect(await prometheus.vector('work_seconds_sum', { time: Date.now() - 3_600_000 })).toEqual([])
  const series = await prometheus.queryRange('work_seconds_bucket', window(), 1_000)
  expect(series.map(({ labels }) => labels.le).sort()).toEqual(['+Inf', '1.0'])
  expect(series[0]!.samples.length).toBeGreaterThan(0)
  // So long that it goes by POST.
  const long = `work_seconds_sum{job!="${'x'.repeat(20_000)}"}`
  expect(await prometheus.vector(long)).toHaveLength(1)
})

test('exemplars, series, labels, targets, metadata', async () => {
  const [found] = await prometheus.exemplars('work_seconds_bucket', window())
  expect(found).toMatchObject({ series: { le: '1.0' }, exemplars: [{ labels: { trace_id: 'abc' }, value: 0.5 }] })
  expect(await prometheus.series(['work_seconds_count'], window())).toHaveLength(1)
  expect(await prometheus.labels()).toContain('le')
  expect(await prometheus.labelValues('job')).toContain('app')
  expect(await prometheus.targets()).toMatchObject([{ job: 'app', health: 'up', lastError: '', interval: '100ms' }])
  expect(await prometheus.metadata()).toMatchObject({ work_seconds: [{ type: 'histogram', unit: 'seconds' }] })
})

test('a refused query points at the fault', async () => {
  const query = 'work_seconds_sum{job=}'
  const error = await prometheus.query(query).catch((e: unknown) => e as QueryError)
  expect(error).toBeInstanceOf(QueryError)
  expect(error).toMatchObject({ query, position: query.indexOf('}') })
})
