import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, credentials } from '@grpc/grpc-js'
import { afterEach, expect, test } from 'vitest'
import { createInflate } from '../../../src/embedded/compression.ts'
import { createNetwork } from '../../../src/embedded/network.ts'
import { createOtlpGrpcClient } from '../../../src/embedded/otlp-grpc.ts'
import { startTempo } from '../../../src/embedded/tempo/tempo.ts'
import { requestFromJson } from '../../../src/otlp/json.ts'
import { Reader } from '../../../src/otlp/protobuf/reader.ts'
import { Writer } from '../../../src/otlp/protobuf/writer.ts'
import { encodeRequest } from '../../../src/otlp/protobuf.ts'

const ended: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end()
})

const CONFIG = `
stream_over_http_enabled: true
distributor: {receivers: {otlp: {protocols: {grpc: {endpoint: 0.0.0.0:4317}}}}}
live_store: {max_trace_idle: 100ms, flush_check_period: 50ms}
query_frontend: {query_end_cutoff: 0s}
overrides: {defaults: {metrics_generator: {processors: []}}}
`

async function start() {
  const dataDir = await mkdtemp(join(tmpdir(), 'tempo-'))
  ended.push(() => rm(dataDir, { recursive: true, force: true }))
  const network = { ...createNetwork({ portOffset: 0 }), bindPort: () => 0 }
  const parts = { name: 'tempo', network, dataDir, configText: CONFIG, configPath: 'tempo.yaml', env: {} } as const
  const service = await startTempo({ ...parts, log: () => {} })
  ended.push(() => service.stop())
  const otlp = network.resolve('otel-collector', 'tempo', 4317)!
  const sender = createOtlpGrpcClient(otlp.host, otlp.port, { inflate: createInflate(64 << 20) })
  ended.push(() => sender.close())
  const span = {
    traceId: '0a0000000000000000000000000000ff',
    spanId: '0000000000000001',
    name: 'load',
    startTimeUnixNano: String(BigInt(Date.now() - 3000) * 1_000_000n),
    endTimeUnixNano: String(BigInt(Date.now() - 2000) * 1_000_000n),
    attributes: [{ key: 'size', value: { intValue: '7' } }],
  }
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'neuro' } }] }
  const request = requestFromJson('traces', { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] })
  await sender.export('traces', encodeRequest('traces', request))
  const address = `127.0.0.1:${service.ports().http}`
  const client = new Client(address, credentials.createInsecure())
  ended.push(() => client.close())
  return { url: `http://${address}`, client }
}

const as = (bytes: Uint8Array) => Buffer.from(bytes)

/** All that a call streams, or how it was refused. */
function ask(client: Client, name: string, fill: (writer: Writer) => void): Promise<Buffer[]> {
  const writer = new Writer()
  fill(writer)
  const path = `/tempopb.StreamingQuerier/${name}`
  const call = client.makeServerStreamRequest(path, as, (b: Buffer) => b, writer.finish())
  return new Promise((resolve, reject) => {
    const seen: Buffer[] = []
    call.on('data', (message: Buffer) => seen.push(message))
    call.on('error', reject)
    call.on('end', () => resolve(seen))
  })
}

/** The texts of a message's fields by number, however deep. */
function texts(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

test('the seven streaming calls are answered on the HTTP port, beside HTTP', async () => {
  const { url, client } = await start()
  const query = (field: number, text: string) => (writer: Writer) => writer.string(field, text)
  await expect
    .poll(async () => texts((await ask(client, 'Search', query(8, '{ span.size = 7 }')))[0]!), { timeout: 15_000 })
    .toContain('neuro')
  const [found] = await ask(client, 'Search', query(8, '{ span.size = 7 } | select(span.size)'))
  const seen: Record<number, string> = {}
  const reader = new Reader(found!)
  reader.tag()
  reader.message((tag) => {
    if (tag >> 3 <= 3) seen[tag >> 3] = reader.string()
    else reader.skip(tag)
  })
  expect(seen).toEqual({ 1: 'a0000000000000000000000000000ff', 2: 'neuro', 3: 'load' })

  const first = async (name: string, fill: (writer: Writer) => void) => texts((await ask(client, name, fill))[0]!)
  expect(await first('SearchTags', () => {})).toContain('service.name')
  expect(await first('SearchTagsV2', query(1, 'span'))).toContain('size')
  expect(await first('SearchTagValues', query(1, 'service.name'))).toContain('neuro')
  expect(await first('SearchTagValuesV2', query(1, 'resource.service.name'))).toContain('neuro')
  const rate = (writer: Writer) => {
    writer.string(1, '{} | count_over_time()')
    writer.uint64(2, BigInt(Date.now() - 60_000) * 1_000_000n)
    writer.uint64(3, BigInt(Date.now() + 1000) * 1_000_000n)
    writer.uint64(4, 10_000_000_000n)
  }
  expect(await first('MetricsQueryRange', rate)).toContain('__name__')
  expect(await first('MetricsQueryInstant', rate)).toContain('__name__')

  const refused = {
    code: 3,
    details: 'invalid TraceQL query: parse error at line 1, col 2: syntax error: unexpected $end',
  }
  await expect(ask(client, 'Search', query(8, '{'))).rejects.toMatchObject(refused)
  await expect(ask(client, 'Nothing', () => {})).rejects.toMatchObject({ code: 12 })

  expect(await (await fetch(`${url}/api/echo`)).text()).toBe('echo')
  expect(await (await fetch(`${url}/metrics`)).text()).toContain(
    'tempo_distributor_spans_received_total{tenant="single-tenant"} 1\n',
  )
  expect(await (await fetch(`${url}/status/overrides`)).text()).toContain('metrics_generator')
})
