import { createServer } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { createInflate } from '../../src/embedded/compression.ts'
import { GRPC_STATUS, GrpcRefusal, serveOtlpGrpc } from '../../src/embedded/otlp-grpc.ts'
import { decodeRequest } from '../../src/otlp/protobuf.ts'
import type { HistogramPoint, LogRecord, NumberPoint, Span } from '../../src/otlp/types.ts'
import { neuro, type TempDir, tempDir } from '../support/neuro.ts'
import { type OtlpReceiver, otlpReceiver } from '../support/otlp-receiver.ts'

let dir: TempDir
let healthy: string
let broken: string
let receiver: OtlpReceiver

beforeAll(async () => {
  dir = await tempDir()
  healthy = dir.path('in', 'sub-001_T1w.nii.gz')
  broken = dir.path('in', 'sub-002_T1w.nii.gz')
  await neuro(['synth', '-o', dir.path('in'), '--size', '16'])
  await neuro(['synth', '-o', dir.path('in'), '--size', '16', '--broken', 'all-nan', '--name', 'sub-002_T1w.nii.gz'])
})
afterAll(() => dir.remove())
beforeEach(async () => {
  receiver = await otlpReceiver()
})
afterEach(() => receiver.close())

const process_ = (files: string[], env: Record<string, string>, ...flags: string[]) =>
  neuro(['process', ...files, '-o', dir.path('out'), ...flags], env)
const attribute = (item: { attributes: { key: string; value: unknown }[] }, key: string) =>
  item.attributes.find((pair) => pair.key === key)?.value
const exemplarsOf = (name: string) => {
  const { data } = receiver.metrics().get(name)!
  return data.type === 'none' ? [] : data.points.flatMap((point) => (point as NumberPoint | HistogramPoint).exemplars)
}

/** Names as a tree: `process_file(load_file,...)`, siblings by their start. */
function tree(spans: Span[], parent = ''): string[] {
  return spans
    .filter((span) => span.parentSpanId === parent)
    .sort((a, b) => (a.startTimeUnixNano < b.startTimeUnixNano ? -1 : 1))
    .map((span) => {
      const below = tree(spans, span.spanId)
      return below.length > 0 ? `${span.name}(${below.join(',')})` : span.name
    })
}

const PROTOCOLS = [
  { protocol: 'grpc', url: () => receiver.grpcUrl },
  { protocol: 'http/protobuf', url: () => receiver.httpUrl },
  { protocol: 'http/json', url: () => receiver.httpUrl },
]

for (const { protocol, url } of PROTOCOLS) {
  test(`over ${protocol}: spans, metrics with exemplars, logs, all of one trace`, async () => {
    const run = await process_([healthy, broken], {
      OTEL_EXPORTER_OTLP_ENDPOINT: url(),
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-lab=yes',
      OTEL_RESOURCE_ATTRIBUTES: 'team=mri,service.instance.id=me',
      ...(protocol === 'http/protobuf' ? { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' } : {}),
    })
    expect(run.code).toBe(1)

    expect(tree(receiver.spans())).toEqual([
      'process_file(load_file,process_image(bias_correct,skull_strip,smooth,normalize),write_output)',
      'process_file(load_file,process_image(bias_correct))',
    ])
    const roots = receiver.spans().filter((span) => span.name === 'process_file')
    const good = roots.find((span) => attribute(span, 'file.path') === healthy)!
    const bad = roots.find((span) => attribute(span, 'file.path') === broken)!
    expect(good.status.code).toBe(1)
    expect(attribute(good, 'neuro.image.shape')).toEqual([16n, 16n, 16n])
    const failed = receiver.spans().filter((span) => span.status.code === 2)
    expect(failed.map(({ name }) => name).sort()).toEqual(['bias_correct', 'process_file', 'process_image'])
    for (const span of failed) expect(attribute(span, 'error.type')).toBe('all-nan')
    // The exception is told where it happened, and nowhere else.
    expect(failed.flatMap((span) => span.events.map((event) => `${span.name} ${event.name}`))).toEqual([
      'bias_correct exception',
    ])

    const processed = receiver.metrics().get('neuro.files.processed')!
    expect(processed).toMatchObject({ unit: '{file}', data: { type: 'sum', monotonic: true, temporality: 2 } })
    const counts = processed.data.type === 'sum' ? processed.data.points : []
    expect(Object.fromEntries(counts.map((p) => [attribute(p, 'status'), Number(p.value)]))).toEqual({
      success: 1,
      failed: 1,
    })
    const duration = receiver.metrics().get('neuro.process.duration')!
    expect(duration.unit).toBe('s')
    expect(duration.data).toMatchObject({ type: 'histogram', points: [{ count: 2n }] })
    expect(exemplarsOf('neuro.files.failed')).toMatchObject([{ traceId: bad.traceId, spanId: bad.spanId, value: 1 }])
    const traces = exemplarsOf('neuro.process.duration').map(({ traceId }) => traceId)
    expect(traces.length).toBeGreaterThan(0)
    for (const traceId of traces) expect([good.traceId, bad.traceId]).toContain(traceId)

    const error = receiver.logs().find((log) => log.severityText === 'ERROR')!
    expect(error).toMatchObject({ severityNumber: 17, traceId: bad.traceId })
    expect(error.spanId).toBe(failed.find((span) => span.name === 'bias_correct')!.spanId)
    expect(attribute(error, 'level')).toBe('ERROR')
    expect(attribute(error, 'error.type')).toBe('all-nan')
    // The body is the line on stderr, to the letter.
    expect(run.stderr.split('\n')).toContain(error.body)
    expect(JSON.parse(error.body as string)).toMatchObject({ level: 'ERROR', trace_id: bad.traceId, file_path: broken })

    for (const { data, headers } of receiver.requests) {
      expect(headers['x-lab']).toBe('yes')
      const resource = (data as { resource: { attributes: { key: string; value: unknown }[] } }[])[0]!.resource
      expect(attribute(resource, 'service.name')).toBe('neuro-preprocess')
      expect(attribute(resource, 'team')).toBe('mri')
      expect(attribute(resource, 'service.instance.id')).toBe('me')
    }
  })
}

test('the log of a file, in order, with the fields of the lesson', async () => {
  await process_([healthy], { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.grpcUrl }, '--warn-size', '0.001')
  const lines = receiver.logs().map((log: LogRecord) => JSON.parse(log.body as string) as Record<string, unknown>)
  expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'INFO Processing started',
    'WARNING Large file detected, may be slow',
    'INFO File loaded',
    'INFO Processing completed',
  ])
  for (const line of lines) expect(line).toMatchObject({ file_path: healthy, file_size_mb: expect.any(Number) })
  expect(lines[3]).toMatchObject({ duration: expect.any(Number) })
  expect(receiver.logs()[1]!.severityText).toBe('WARN')
})

test('endpoints by signal, a parent from TRACEPARENT, a sampler that says no', async () => {
  const env = {
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: receiver.grpcUrl,
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: `${receiver.httpUrl}/v1/logs`,
    OTEL_EXPORTER_OTLP_LOGS_PROTOCOL: 'http/json',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_SERVICE_NAME: 'mine',
  }
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  await process_([healthy], { ...env, TRACEPARENT: `00-${traceId}-b7ad6b7169203331-01` })
  expect(new Set(receiver.spans().map((span) => span.traceId))).toEqual(new Set([traceId]))
  expect(receiver.spans().find((span) => span.name === 'process_file')!.parentSpanId).toBe('b7ad6b7169203331')
  expect(receiver.logs()).toHaveLength(3)
  expect(receiver.metrics().size).toBe(0)
  const before = receiver.spans().length
  const run = await process_([healthy], { ...env, OTEL_TRACES_SAMPLER: 'always_off' })
  expect(run.code).toBe(0)
  expect(receiver.spans()).toHaveLength(before)
})

test('delta temporality and exponential histograms keep their exemplars', async () => {
  await process_([healthy], {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.grpcUrl,
    OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
    OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION: 'base2_exponential_bucket_histogram',
  })
  const { data } = receiver.metrics().get('neuro.process.duration')!
  expect(data).toMatchObject({ type: 'exponentialHistogram', temporality: 1, points: [{ count: 1n }] })
  const [root] = receiver.spans().filter((span) => span.name === 'process_file')
  expect(exemplarsOf('neuro.process.duration')).toMatchObject([{ traceId: root!.traceId }])
})

test('Ctrl-C ends the step it is in, and what was recorded still arrives', async () => {
  const start = Date.now()
  const run = await neuro(
    ['process', healthy, broken, '-o', dir.path('cut'), '--slow', 'smooth=30', '--json'],
    { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.grpcUrl, OTEL_BSP_SCHEDULE_DELAY: '100' },
    (child) => {
      // skull_strip has ended, so it is in smooth.
      const poll = setInterval(() => {
        if (!receiver.spans().some((span) => span.name === 'skull_strip')) return
        clearInterval(poll)
        child.kill('SIGINT')
      }, 20)
    },
  )
  expect(run.code).toBe(130)
  expect(Date.now() - start).toBeLessThan(15_000)
  expect(JSON.parse(run.stdout)).toMatchObject({ processed: 0, not_processed: 2, exit_code: 130 })
  expect(tree(receiver.spans())).toEqual(['process_file(load_file,process_image(bias_correct,skull_strip,smooth))'])
  const smooth = receiver.spans().find((span) => span.name === 'smooth')!
  expect(smooth.status).toEqual({ code: 2, message: 'interrupted by SIGINT' })
  const last = receiver.logs().at(-1)!
  expect(last).toMatchObject({ severityText: 'WARN', spanId: smooth.spanId })
  expect(receiver.metrics().has('neuro.files.processed')).toBe(true)
})

for (const protocol of ['grpc', 'http/protobuf']) {
  test(`with no collector over ${protocol} it says so once, works all the same, and does not wait`, async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((done) => server.on('listening', done))
    const { port } = server.address() as { port: number }
    await new Promise((done) => server.close(done))
    const start = Date.now()
    const run = await process_([healthy], {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_BSP_SCHEDULE_DELAY: '20',
      OTEL_METRIC_EXPORT_INTERVAL: '50',
    })
    expect(run.code).toBe(0)
    expect(Date.now() - start).toBeLessThan(8_000)
    const told = run.lines.filter(({ message }) => /not delivered/.test(String(message)))
    expect(told).toMatchObject([
      { level: 'WARNING', endpoint: `http://127.0.0.1:${port}`, reason: 'connection refused' },
    ])
  })
}

test('a collector that refuses for a moment gets all of it in the end', async () => {
  let refused = 0
  const busy = await serveOtlpGrpc({
    port: 0,
    inflate: createInflate(64 << 20),
    signals: ['traces', 'logs'],
    onExport: async (signal, bytes) => {
      if (refused < 2) {
        refused++
        throw new GrpcRefusal(GRPC_STATUS.UNAVAILABLE, 'not now')
      }
      receiver.requests.push({ signal, data: decodeRequest(signal, bytes), headers: {} })
      return {}
    },
  })
  try {
    const run = await process_([healthy], {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${busy.port}`,
      OTEL_METRICS_EXPORTER: 'none',
    })
    expect(run.code).toBe(0)
    expect(run.stderr).not.toContain('not delivered')
    expect(receiver.spans()).toHaveLength(8)
    expect(receiver.logs()).toHaveLength(3)
  } finally {
    await busy.close()
  }
})

test('OTEL_SDK_DISABLED: nothing is sent, the work is done', async () => {
  const run = await process_([healthy], { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.grpcUrl, OTEL_SDK_DISABLED: 'true' })
  expect(run.code).toBe(0)
  expect(receiver.requests).toEqual([])
  expect(run.lines.map(({ message }) => message)).toContain('Processing completed')
  expect(run.stderr).not.toContain('trace_id')
})
