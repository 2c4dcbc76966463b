import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Backends, openBackends } from '../../src/backends.ts'
import { startLoki } from '../../src/embedded/loki/loki.ts'
import { startPrometheus } from '../../src/embedded/prometheus/prometheus.ts'
import { startTempo } from '../../src/embedded/tempo/tempo.ts'
import { figuresOf } from '../../src/latency/distribution.ts'
import { forDoors } from '../../src/latency/door.ts'
import { measureRuns, type ProbeEvent } from '../../src/latency/run.ts'
import { httpRequest } from '../../src/util/http.ts'
import { type EmbeddedParts, embeddedParts } from '../support/embedded.ts'

const TEMPO = `
distributor: {receivers: {otlp: {protocols: {http: {endpoint: 0.0.0.0:4318}}}}}
live_store: {max_trace_idle: 200ms, max_trace_live: 5s, flush_check_period: 50ms}
query_frontend: {query_end_cutoff: 0s}
`
const PROMETHEUS = `global: {scrape_interval: 400ms}
scrape_configs: [{job_name: app, honor_labels: true, static_configs: [{targets: ['app:1234']}]}]
`
let parts: EmbeddedParts
let backends: Backends
let page: Server
let lines: string[] = []

beforeAll(async () => {
  parts = await embeddedParts()
  page = createServer((_, answer) => {
    answer.setHeader('content-type', 'application/openmetrics-text; version=1.0.0; charset=utf-8')
    answer.end(`# TYPE work_seconds histogram\n${lines.join('\n')}\n# EOF\n`)
  })
  await new Promise<void>((done) => page.listen(0, '127.0.0.1', done))
  parts.network.register('app', 1234, (page.address() as AddressInfo).port)
  const [tempo, prometheus, loki] = await Promise.all([
    parts.start('tempo', startTempo, TEMPO),
    parts.start('prometheus', startPrometheus, PROMETHEUS),
    parts.start('loki', startLoki, await readFile('stack/configs/loki.yaml', 'utf8')),
  ])
  backends = openBackends({ tempo, prometheus, loki })
})
afterAll(async () => {
  await parts.close()
  page.close()
})

const post = async (url: string, body: unknown) => {
  const headers = { 'content-type': 'application/json' }
  const answer = await httpRequest(url, { method: 'POST', headers, body: JSON.stringify(body) })
  expect(answer.status, answer.text).toBeLessThan(300)
}

/** A program: a span, a log line and a metric with an exemplar, made now and sent half a second later. */
async function program(runId: string, n: number, tell: (line: string) => void) {
  const traceId = String(n).padStart(32, 'a')
  const at = Date.now()
  const nanos = (ms: number) => String(BigInt(ms) * 1_000_000n)
  const attributes = Object.entries({
    'service.name': 'app',
    'service.instance.id': runId,
    'otel_lab.run.id': runId,
  }).map(([key, stringValue]) => ({ key, value: { stringValue } }))
  tell(JSON.stringify({ message: 'working', trace_id: traceId }))
  await sleep(500)
  const otlp = parts.network.resolve('x', 'tempo', 4318)!
  const span = {
    traceId,
    spanId: 'b'.repeat(16),
    name: 'work',
    startTimeUnixNano: nanos(at - 50),
    endTimeUnixNano: nanos(at),
  }
  await post(`http://${otlp.host}:${otlp.port}/v1/traces`, {
    resourceSpans: [{ resource: { attributes }, scopeSpans: [{ spans: [span] }] }],
  })
  const record = { timeUnixNano: nanos(at), body: { stringValue: 'working' }, severityNumber: 9 }
  await post(`${backends.loki.url}/otlp/v1/logs`, {
    resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords: [record] }] }],
  })
  const exemplar = `# {trace_id="${traceId}"} 0.5 ${at / 1000}`
  const own = `instance="${runId}",job="app"`
  lines.push(
    `work_seconds_bucket{${own},le="1.0"} 1 ${exemplar}`,
    `work_seconds_bucket{${own},le="+Inf"} 1`,
    `work_seconds_sum{${own}} 0.5`,
    `work_seconds_count{${own}} 1`,
  )
  return { exitCode: 0 }
}

const options = (more: { deadlineMs: number; signal?: AbortSignal }) => {
  let id = 0
  return {
    backends,
    runs: 2,
    newRunId: () => `run-${more.deadlineMs}-${++id}`,
    signal: new AbortController().signal,
    ...more,
  }
}

test('each signal from its making until it can be queried', async () => {
  let n = 0
  const events: ProbeEvent[] = []
  const result = await measureRuns({
    ...options({ deadlineMs: 10_000 }),
    onEvent: (event) => events.push(event),
    run: (runId, onLine) => program(runId, ++n, onLine),
  })
  expect(result.runs).toHaveLength(2)
  expect(result.runs.every(({ complete }) => complete)).toBe(true)
  expect(result.lateIds).toBe(0)
  const figures = figuresOf(result.sightings)
  expect(Object.entries(figures).map(([measure, { count }]) => [measure, count])).toEqual([
    ['trace-by-id', 2],
    ['trace-by-search', 2],
    ['trace-by-metrics', 2],
    ['logs', 2],
    ['logs-by-tail', 2],
    ['metrics', 2],
    ['metrics-by-exemplar', 2],
  ])
  // It keeps what it makes for half a second; a search needs the trace to be cut, too.
  for (const { door, madeAt, seenAt, errorMs } of Object.values(result.sightings).flat())
    expect(seenAt - madeAt + errorMs, door).toBeGreaterThanOrEqual(door === 'trace-by-search' ? 680 : 498)
  // A busy machine looks seldom, and says so; it never says more than it saw.
  const { errorMs, median } = figures['trace-by-id']!
  expect(errorMs).toBeLessThan(median)
  expect(events.filter(({ type }) => type === 'seen')).toHaveLength(14)
})

test('what does not come is missing, and Ctrl-C ends it at once', async () => {
  lines = []
  const silent = await measureRuns({ ...options({ deadlineMs: 300 }), run: async () => ({ exitCode: 3 }) })
  expect(silent.missing).toEqual(forDoors(() => 2))
  expect(silent.runs).toMatchObject([{ exitCode: 3, complete: false }, { complete: false }])
  expect(figuresOf(silent.sightings)).toEqual({})

  const abort = new AbortController()
  setTimeout(() => abort.abort(new Error('interrupted')), 100)
  const began = Date.now()
  const work = measureRuns({
    ...options({ deadlineMs: 60_000, signal: abort.signal }),
    run: async () => ({ exitCode: 0 }),
  })
  await expect(work).rejects.toThrow()
  expect(Date.now() - began).toBeLessThan(3_000)
})

test('a backend that does not answer ends it with its name', async () => {
  const nowhere = { url: 'http://127.0.0.1:9' }
  const work = measureRuns({
    ...options({ deadlineMs: 100 }),
    backends: openBackends({ tempo: nowhere, prometheus: nowhere, loki: nowhere }),
    run: async () => ({ exitCode: 0 }),
  })
  await expect(work).rejects.toMatchObject({ code: 'backend-unreachable' })
})
