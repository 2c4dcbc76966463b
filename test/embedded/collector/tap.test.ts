import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Passed } from '../../../src/embedded/collector/tap/notes.ts'
import { createTap } from '../../../src/embedded/collector/tap.ts'
import { GRPC_STATUS, GrpcRefusal } from '../../../src/embedded/otlp-grpc.ts'
import { type Bench, bench, counter, spans, until } from './support.ts'

let lab: Bench
beforeEach(async () => {
  lab = await bench()
})
afterEach(() => lab.end())

const RECEIVER = 'receivers: {otlp: {protocols: {grpc: {endpoint: 0.0.0.0:4317}, http: {endpoint: 0.0.0.0:4318}}}}'
const RETRY = 'retry_on_failure: {initial_interval: 20ms, max_interval: 50ms}'
const TRACE = '5b8efff798038103d269b633813fc60c'

function ofRun(run: string, json: ReturnType<typeof spans>): ReturnType<typeof spans> {
  for (const { resource } of json.resourceSpans) {
    resource.attributes.push({ key: 'otel_lab.run.id', value: { stringValue: run } })
  }
  return json
}

const way = (passages: readonly Passed[]) =>
  passages.map(({ kind, id, pipeline, step, items }) => `${kind} ${id} ${pipeline ?? '-'} ${step} ${items}`)

test('a span is seen at every place that it passes, with what it carries there', async () => {
  const { got } = await lab.backend()
  const tap = createTap()
  await lab.start(
    `
${RECEIVER}
processors:
  resource: {attributes: [{key: otel_lab.run.id, action: delete}]}
  filter/health: {trace_conditions: ['span.name == "health"']}
  batch: {timeout: 20ms}
exporters:
  otlp_grpc/tempo: {endpoint: 'tempo:4317', tls: {insecure: true}}
service:
  pipelines: {traces: {receivers: [otlp], processors: [filter/health, resource, batch], exporters: [otlp_grpc/tempo]}}
`,
    tap,
  )
  await lab.send('traces', ofRun('r1', spans('a', 'health')))
  await until(() => got.length === 1)
  await until(() => tap.passages({}).some(({ step }) => step === 'sent'))
  const passages = tap.passages({ runId: 'r1' })
  expect(way(passages)).toEqual([
    'receiver otlp - in 2',
    'receiver otlp traces out 2',
    'processor filter/health traces in 2',
    'processor filter/health traces out 1',
    'processor resource traces in 1',
    'processor resource traces out 1',
    'processor batch traces in 1',
    'processor batch traces out 1',
    'exporter otlp_grpc/tempo traces in 1',
    'exporter otlp_grpc/tempo - sent 1',
  ])
  const [first] = passages
  const last = passages.at(-1)!
  expect(first).toMatchObject({ protocol: 'OTLP/gRPC', runIds: ['r1'], byRun: { r1: 2 }, services: ['app'] })
  expect(first!.bytes).toBeGreaterThan(100)
  // The run id was taken away, but where it came from is known, and so is the trace.
  expect(last).toMatchObject({ peer: 'tempo:4317', runIds: [], byRun: { '': 1 }, cameAs: ['r1'], traceIds: [TRACE] })
  expect(tap.passages({ traceId: TRACE })).toHaveLength(10)
  expect(tap.passages({ traceId: 'f'.repeat(32) })).toEqual([])
  expect(tap.passages({ after: passages[7]!.seq }).map(({ seq }) => seq)).toEqual([passages[8]!.seq, last.seq])
  expect(tap.payload(last.seq)?.format).toBe('OTLP/JSON')
  expect(JSON.parse(tap.payload(last.seq)!.text).resourceSpans[0].scopeSpans[0].spans[0].name).toBe('a')
})

test('what a batch holds came in and did not go out', async () => {
  await lab.backend()
  const tap = createTap()
  await lab.start(
    `
${RECEIVER}
processors: {batch: {timeout: 60s}}
exporters: {otlp_grpc/tempo: {endpoint: 'tempo:4317', tls: {insecure: true}}}
service: {pipelines: {traces: {receivers: [otlp], processors: [batch], exporters: [otlp_grpc/tempo]}}}
`,
    tap,
  )
  await lab.send('traces', ofRun('r1', spans('a')))
  expect(way(tap.passages({})).at(-1)).toBe('processor batch traces in 1')
})

test('the backend is quoted: what it turns away for good, and what is tried again', async () => {
  let answer = new GrpcRefusal(GRPC_STATUS.UNAVAILABLE, 'not now')
  await lab.backend(() => {
    throw answer
  })
  const tap = createTap()
  await lab.start(
    `
${RECEIVER}
exporters: {otlp_grpc/tempo: {endpoint: 'tempo:4317', tls: {insecure: true}, ${RETRY}}}
service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp_grpc/tempo]}}}
`,
    tap,
  )
  await lab.send('traces', ofRun('r1', spans('a')))
  await until(() => tap.passages({}).some(({ step, said }) => step === 'retrying' && said!.includes('not now')))
  answer = new GrpcRefusal(GRPC_STATUS.UNAUTHENTICATED, 'no org id')
  await until(() => tap.passages({}).some(({ step }) => step === 'failed'))
  const last = tap.passages({}).at(-1)!
  expect([last.step, last.said]).toEqual([
    'failed',
    'not retryable error: Permanent error: rpc error: code = Unauthenticated desc = no org id',
  ])
})

test('a refusal is told of once, where it was made', async () => {
  const tap = createTap()
  await lab.start(
    `
${RECEIVER}
processors: {resource: {attributes: [{key: a, value: b, action: upsert}]}}
exporters:
  otlp_grpc/tempo: {endpoint: 'tempo:4317', tls: {insecure: true}, sending_queue: {queue_size: 1, num_consumers: 1}}
service: {pipelines: {traces: {receivers: [otlp], processors: [resource], exporters: [otlp_grpc/tempo]}}}
`,
    tap,
  )
  await lab.send('traces', ofRun('r1', spans('a')))
  await expect(lab.send('traces', ofRun('r2', spans('b')))).rejects.toThrow('sending queue is full')
  const refusals = tap.passages({ runId: 'r2' }).filter(({ step }) => step === 'refused')
  expect(refusals).toMatchObject([{ kind: 'exporter', id: 'otlp_grpc/tempo', said: 'sending queue is full' }])
})

test('a connector and every exporter of its pipelines are places of their own', async () => {
  await lab.backend()
  const tap = createTap()
  await lab.start(
    `
${RECEIVER}
connectors: {span_metrics: {histogram: {unit: s}, metrics_flush_interval: 20ms}}
exporters:
  otlp_grpc/tempo: {endpoint: 'tempo:4317', tls: {insecure: true}}
  prometheus: {endpoint: 0.0.0.0:8889}
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [otlp_grpc/tempo, span_metrics]}
    metrics: {receivers: [span_metrics], exporters: [prometheus]}
`,
    tap,
  )
  await lab.send('traces', ofRun('r1', spans('a')))
  await until(() => way(tap.passages({})).some((line) => line.startsWith('exporter prometheus metrics in')))
  const seen = way(tap.passages({}))
  expect(seen).toContain('connector span_metrics traces in 1')
  expect(seen).toContain('exporter otlp_grpc/tempo traces in 1')
  expect(seen.some((line) => line.startsWith('connector span_metrics metrics out'))).toBe(true)
})

test('a page is sent when it is fetched, and says whose data it is made of', async () => {
  const tap = createTap()
  const service = await lab.start(
    `
${RECEIVER}
exporters: {prometheus: {endpoint: 0.0.0.0:8889}}
service: {pipelines: {metrics: {receivers: [otlp], exporters: [prometheus]}}}
`,
    tap,
  )
  const json = counter('work.done', 3)
  json.resourceMetrics[0]!.resource.attributes.push({ key: 'otel_lab.run.id', value: { stringValue: 'run7' } })
  await lab.send('metrics', json)
  expect(way(tap.passages({})).at(-1)).toBe('exporter prometheus metrics in 1')
  const url = `http://127.0.0.1:${service.ports().prometheus}/metrics`
  await (await fetch(url, { headers: { 'user-agent': 'Prometheus/3.14.0' } })).text()
  const [page] = tap.passages({ runId: 'run7' }).filter(({ step }) => step === 'sent')
  // target_info and the counter itself.
  expect(page).toMatchObject({ kind: 'exporter', id: 'prometheus', peer: 'Prometheus/3.14.0', items: 2 })
  expect(tap.payload(page!.seq)).toMatchObject({ format: 'exposition' })
  expect(tap.payload(page!.seq)!.text).toContain('work_done_total')
})

test('what it remembers is bounded: the newest win', async () => {
  await lab.backend()
  const tap = createTap()
  await lab.start(
    `
${RECEIVER}
exporters: {otlp_grpc/tempo: {endpoint: 'tempo:4317', tls: {insecure: true}}}
service: {pipelines: {traces: {receivers: [otlp], exporters: [otlp_grpc/tempo]}}}
`,
    tap,
  )
  const names = Array.from({ length: 500 }, (_, i) => `span ${i}`.padEnd(200))
  for (let i = 0; i < 30; i++) await lab.send('traces', ofRun(`r${i}`, spans(...names)))
  const arrivals = tap.passages({ limit: 100_000 }).filter(({ kind, step }) => kind === 'receiver' && step === 'in')
  const forgotten = arrivals.findIndex(({ seq }) => tap.payload(seq) !== undefined)
  const bytes = arrivals.slice(forgotten).reduce((sum, one) => sum + one.bytes!, 0)
  expect(forgotten).toBeGreaterThan(0)
  expect(bytes).toBeLessThan(2.5 * 1024 * 1024)
  expect(tap.passages({ runId: 'r0' }).length).toBeGreaterThan(0)
  expect(tap.rememberedFrom()).toBeLessThan(arrivals[0]!.at)
})
