import { cp, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readRecord } from '../../../src/embedded/collector/intake/records.ts'
import { readFrames } from '../../../src/embedded/journal/frame.ts'
import { type Bench, bench, counter, spans, until } from './support.ts'

let lab: Bench
beforeEach(async () => {
  lab = await bench()
})
afterEach(() => lab.end())

const RECEIVER = 'receivers: {otlp: {protocols: {grpc: {endpoint: 0.0.0.0:4317}, http: {endpoint: 0.0.0.0:4318}}}}'
const TO_TEMPO = `
${RECEIVER}
processors:
  resource: {attributes: [{key: env, value: test, action: upsert}]}
  batch: {timeout: 20ms}
exporters:
  otlp_grpc/tempo: {endpoint: 'tempo:4317', tls: {insecure: true}, retry_on_failure: {initial_interval: 20ms, max_interval: 50ms}}
service:
  telemetry: {metrics: {readers: [{pull: {exporter: {prometheus: {host: 0.0.0.0, port: 8888}}}}]}}
  pipelines: {traces: {receivers: [otlp], processors: [resource, batch], exporters: [otlp_grpc/tempo]}}
`

test('spans go from the app through the processors to the backend, and are counted', async () => {
  const { got } = await lab.backend()
  const service = await lab.start(TO_TEMPO)
  expect(await lab.send('traces', spans('a', 'b'))).toEqual({})
  await until(() => got.length === 1)
  const [group] = got[0]!.data
  expect(group!.resource.attributes.map(({ key }) => key)).toEqual(['service.name', 'env'])
  expect(group!.scopes[0]!.items).toHaveLength(2)
  const page = await (await fetch(`http://127.0.0.1:${service.ports().telemetry}/metrics`)).text()
  expect(page).toMatch(/^otelcol_receiver_accepted_spans\{.*receiver="otlp".*transport="grpc".*\} 2$/m)
  await until(async () => {
    const later = await (await fetch(`http://127.0.0.1:${service.ports().telemetry}/metrics`)).text()
    return /^otelcol_exporter_sent_spans\{exporter="otlp_grpc\/tempo".*\} 2$/m.test(later)
  })
})

test('what a backend was not there for arrives when it comes, though the collector was restarted in between', async () => {
  const first = await lab.start(TO_TEMPO)
  await lab.send('traces', spans('early'))
  await until(() => lab.log.some((line) => line.includes('Exporting failed. Will retry the request after interval.')))
  expect(lab.log.join('\n')).toContain('connection refused')
  await first.stop()
  const { got } = await lab.backend()
  await lab.start(TO_TEMPO)
  await until(() => got.length > 0)
  expect((got[0]!.data[0]!.scopes[0]!.items[0] as { name: string }).name).toBe('early')
})

test('a full queue refuses the sender, who may try again', async () => {
  await lab.start(`
${RECEIVER}
exporters:
  otlp_grpc/tempo: {endpoint: 'tempo:4317', tls: {insecure: true}, sending_queue: {queue_size: 1, num_consumers: 1}}
service:
  pipelines: {traces: {receivers: [otlp], exporters: [otlp_grpc/tempo]}}
`)
  await lab.send('traces', spans('a'))
  await expect(lab.send('traces', spans('b'))).rejects.toThrow('code = Unavailable desc = sending queue is full')
})

test('a signal without a pipeline is unknown at both doors', async () => {
  const service = await lab.start(TO_TEMPO)
  await expect(lab.send('logs', { resourceLogs: [] })).rejects.toThrow('code = Unimplemented')
  const answer = await fetch(`http://127.0.0.1:${service.ports()['otlp-http']}/v1/logs`, { method: 'POST' })
  expect(answer.status).toBe(404)
})

test('OTLP/HTTP takes JSON and says what is wrong with what is none', async () => {
  const { got } = await lab.backend()
  const service = await lab.start(TO_TEMPO)
  const url = `http://127.0.0.1:${service.ports()['otlp-http']}/v1/traces`
  const headers = { 'content-type': 'application/json' }
  const good = await fetch(url, { method: 'POST', headers, body: JSON.stringify(spans('x')) })
  expect([good.status, await good.json()]).toEqual([200, { partialSuccess: {} }])
  await until(() => got.length === 1)
  const bad = await fetch(url, { method: 'POST', headers, body: '{"resourceSpans": 7' })
  expect(bad.status).toBe(400)
  expect(await bad.json()).toMatchObject({ code: 3, message: expect.any(String) })
  const odd = await fetch(url, { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<a/>' })
  expect([odd.status, await odd.text()]).toEqual([
    415,
    '415 unsupported media type, supported: [application/json, application/x-protobuf]',
  ])
})

test('the metrics page has job, instance, target_info and, where asked for, exemplars', async () => {
  const service = await lab.start(`
${RECEIVER}
exporters: {prometheus: {endpoint: '0.0.0.0:8889', enable_open_metrics: true}}
service: {pipelines: {metrics: {receivers: [otlp], exporters: [prometheus]}}}
`)
  const exemplars = [{ traceId: '5b8efff798038103d269b633813fc60c', timeUnixNano: '1544712661500000000', asDouble: 2 }]
  await lab.send('metrics', counter('files.processed', 3, { exemplars }))
  const url = `http://127.0.0.1:${service.ports().prometheus}/metrics`
  const labels =
    'instance="i1",job="app",otel_scope_name="scope",otel_scope_schema_url="",otel_scope_version="",path="/a"'
  expect(await (await fetch(url)).text()).toBe(
    [
      '# HELP files_processed_total what it counts',
      '# TYPE files_processed_total counter',
      `files_processed_total{${labels}} 3`,
      '# HELP target_info Target metadata',
      '# TYPE target_info gauge',
      'target_info{host_name="box",instance="i1",job="app"} 1',
      '',
    ].join('\n'),
  )
  const open = await fetch(url, { headers: { accept: 'application/openmetrics-text;version=1.0.0' } })
  expect(open.headers.get('content-type')).toContain('application/openmetrics-text; version=1.0.0')
  expect(await open.text()).toContain(
    `files_processed_total{${labels}} 3.0 # {trace_id="5b8efff798038103d269b633813fc60c"} 2.0 1.5447126615e+09`,
  )
})

test('attributes of the resource become labels where resource_constant_labels says so', async () => {
  const service = await lab.start(`
${RECEIVER}
exporters:
  prometheus: {endpoint: '0.0.0.0:8889', without_scope_info: true, resource_constant_labels: {included: ['host.*'], excluded: [host.id]}}
service: {pipelines: {metrics: {receivers: [otlp], exporters: [prometheus]}}}
`)
  await lab.send('metrics', counter('files.processed', 3))
  const page = await (await fetch(`http://127.0.0.1:${service.ports().prometheus}/metrics`)).text()
  expect(page).toContain('files_processed_total{host_name="box",instance="i1",job="app",path="/a"} 3')
})

test('what is on the metrics page is there again after a restart, whoever fetched it; other exporters get nothing twice', async () => {
  const config = `
${RECEIVER}
exporters: {prometheus: {endpoint: '0.0.0.0:8889'}, file: {path: all.json, append: true}}
service: {pipelines: {metrics: {receivers: [otlp], exporters: [prometheus, file]}}}
`
  const page = async (service: { ports(): Record<string, number> }) =>
    (await fetch(`http://127.0.0.1:${service.ports().prometheus}/metrics`)).text()
  const first = await lab.start(config)
  for (let value = 1; value <= 5; value++) await lab.send('metrics', counter('runs', value))
  await lab.send('metrics', counter('others', 7))
  expect(await page(first)).toMatch(/^runs_total\{.*\} 5$/m)
  // As a crash would find it: the page was fetched, the process is gone, the journal was never closed in order.
  const journal = join(lab.dir, 'journal')
  await until(async () => (await readJournal(journal)).includes('settled'))
  await cp(journal, join(lab.dir, 'crashed'), { recursive: true })
  await first.stop()
  await rm(journal, { recursive: true })
  await rename(join(lab.dir, 'crashed'), journal)
  const second = await lab.start(config)
  const again = await page(second)
  expect(again).toMatch(/^runs_total\{.*\} 5$/m)
  expect(again).toMatch(/^others_total\{.*\} 7$/m)
  // Of a series only the last request is kept.
  expect(lab.log.join('\n')).toMatch(/Sent again what an earlier process had accepted.*"requests": ?2\b/)
  const lines = (await readFile(join(lab.dir, 'files/all.json'), 'utf8')).trimEnd().split('\n')
  expect(lines).toHaveLength(6)
})

async function readJournal(dir: string): Promise<string[]> {
  const kinds: string[] = []
  const onRecord = (bytes: Uint8Array) => kinds.push(Object.keys(readRecord(bytes) ?? {})[0] ?? '')
  for (const name of await readdir(dir)) readFrames(await readFile(join(dir, name)), onRecord)
  return kinds
}

test('the debug exporter prints the headline and the whole span', async () => {
  await lab.start(`
${RECEIVER}
exporters: {debug: {verbosity: detailed}}
service: {pipelines: {traces: {receivers: [otlp], exporters: [debug]}}}
`)
  await lab.send('traces', spans('GET /'))
  const [headline, text] = lab.log.filter((line) => line.includes('"debug"'))
  expect(headline).toMatch(/\tinfo\tTraces\t\{.*"resource spans": 1, "spans": 1\}$/)
  expect(text).toContain(`ResourceSpans #0
Resource SchemaURL: 
Resource attributes:
     -> service.name: Str(app)
ScopeSpans #0
ScopeSpans SchemaURL: 
InstrumentationScope scope 1.0
Span #0
    Trace ID       : 5b8efff798038103d269b633813fc60c
    Parent ID      : 
    ID             : eee19b7ec3c1b170
    Name           : GET /
    Kind           : Server
    Start time     : 2018-12-13 14:51:00 +0000 UTC
    End time       : 2018-12-13 14:51:01 +0000 UTC
    Status code    : Unset
    Status message : 
    DroppedAttributesCount: 0
    DroppedEventsCount: 0
    DroppedLinksCount: 0
Attributes:
     -> http.status: Int(200)
`)
})

test('a config is refused with the line, and with what replaced a component that is gone', async () => {
  const old = `
${RECEIVER}
exporters: {logging: {loglevel: debug}}
service: {pipelines: {traces: {receivers: [otlp], exporters: [logging]}}}
`
  await expect(lab.start(old)).rejects.toMatchObject({
    code: 'config-refused',
    message: expect.stringContaining('collector.yaml:3'),
    hint: expect.stringContaining('debug'),
  })
})

test('span_metrics counts calls and durations, with exemplars, into a metrics pipeline', async () => {
  const service = await lab.start(`
${RECEIVER}
connectors:
  spanmetrics:
    histogram: {unit: s, explicit: {buckets: [500ms, 2s]}}
    exemplars: {enabled: true}
    dimensions: [{name: http.status}, {name: region, default: eu}]
    exclude_dimensions: [collector.instance.id]
    metrics_flush_interval: 30ms
exporters: {prometheus: {endpoint: '0.0.0.0:8889', enable_open_metrics: true, without_scope_info: true}}
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [spanmetrics]}
    metrics: {receivers: [spanmetrics], exporters: [prometheus]}
`)
  await lab.send('traces', spans('work', 'work'))
  const url = `http://127.0.0.1:${service.ports().prometheus}/metrics`
  const accept = 'application/openmetrics-text;version=1.0.0'
  const page = async () => (await fetch(url, { headers: { accept } })).text()
  await until(async () => (await page()).includes('traces_span_metrics_calls_total{'))
  const labels =
    'http_status="200",job="app",region="eu",service_name="app",span_kind="SPAN_KIND_SERVER",span_name="work",status_code="STATUS_CODE_UNSET"'
  const first = await page()
  expect(first).toContain(`traces_span_metrics_duration_seconds_bucket{${labels},le="0.5"} 0\n`)
  expect(first).toContain(`traces_span_metrics_duration_seconds_count{${labels}} 2\n`)
  await until(async () => (await page()).includes(`traces_span_metrics_calls_total{${labels}} 2.0`))
})

test('the file exporter writes below the lab, whatever the path says', async () => {
  await lab.start(`
${RECEIVER}
exporters: {file: {path: ../../../tmp/out/traces.json}}
service: {pipelines: {traces: {receivers: [otlp], exporters: [file]}}}
`)
  await lab.send('traces', spans('one'))
  await lab.send('traces', spans('two'))
  const lines = (await readFile(join(lab.dir, 'files/tmp/out/traces.json'), 'utf8')).trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line).resourceSpans[0].scopeSpans[0].spans[0].name)).toEqual(['one', 'two'])
})

test('a file exporter in two pipelines is one writer: no line is lost or written over', async () => {
  await lab.start(`
${RECEIVER}
exporters: {file: {path: all.json}}
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [file]}
    logs: {receivers: [otlp], exporters: [file]}
    metrics: {receivers: [otlp], exporters: [file]}
`)
  const log = (body: string) => ({
    resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: body } }] }] }],
  })
  await Promise.all(
    Array.from({ length: 20 }, (_, i) => [
      lab.send('traces', spans(`span ${i} ${'x'.repeat(i * 10)}`)),
      lab.send('logs', log(`line ${i}`)),
      lab.send('metrics', counter(`total_${i}`, 1)),
    ]).flat(),
  )
  const lines = (await readFile(join(lab.dir, 'files/all.json'), 'utf8')).trimEnd().split('\n')
  const kinds = lines.map((line) => Object.keys(JSON.parse(line))[0])
  for (const kind of ['resourceSpans', 'resourceLogs', 'resourceMetrics'])
    expect(kinds.filter((one) => one === kind)).toHaveLength(20)
})

test.each([
  ['traces', 'span.constructor != nil'],
  ['traces', 'constructor.name != nil'],
  ['traces', 'toString(span.name) != nil'],
  ['traces', 'span.kind == constructor'],
  ['traces', 'span.__proto__ != nil'],
])('%s: the condition %s names nothing that there is', async (signal, condition) => {
  const starting = lab.start(`
${RECEIVER}
processors: {filter: {trace_conditions: ['${condition}']}}
exporters: {debug: {}}
service: {pipelines: {${signal}: {receivers: [otlp], processors: [filter], exporters: [debug]}}}
`)
  await expect(starting).rejects.toMatchObject({ code: 'config-refused' })
})
