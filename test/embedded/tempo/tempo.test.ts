import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createInflate } from '../../../src/embedded/compression.ts'
import { createNetwork, type Network } from '../../../src/embedded/network.ts'
import { createOtlpGrpcClient } from '../../../src/embedded/otlp-grpc.ts'
import { startTempo } from '../../../src/embedded/tempo/tempo.ts'
import { requestFromJson } from '../../../src/otlp/json.ts'
import { encodeRequest } from '../../../src/otlp/protobuf.ts'

const ended: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end()
})

/** On free ports: published ones too, so that tests never meet a lab that runs. */
function freeNetwork(): Network {
  return { ...createNetwork({ portOffset: 0 }), bindPort: () => 0 }
}

async function start(dataDir: string, configText: string) {
  const network = freeNetwork()
  const log: string[] = []
  const service = await startTempo({
    name: 'tempo',
    network,
    dataDir,
    configText,
    configPath: 'tempo.yaml',
    env: {},
    log: (text) => log.push(text),
  })
  ended.push(() => service.stop())
  const url = `http://127.0.0.1:${service.ports().http}`
  const otlp = network.resolve('otel-collector', 'tempo', 4317)!
  const client = createOtlpGrpcClient(otlp.host, otlp.port, { inflate: createInflate(64 << 20) })
  ended.push(async () => client.close())
  return { service, url, client, log, http: network.resolve('x', 'tempo', 4318)! }
}

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tempo-'))
  ended.push(() => rm(dir, { recursive: true, force: true }))
  return dir
}

const FAST = `
distributor: {receivers: {otlp: {protocols: {grpc: {endpoint: 0.0.0.0:4317}, http: {endpoint: 0.0.0.0:4318}}}}}
live_store: {max_trace_idle: 150ms, max_trace_live: 5s, flush_check_period: 50ms}
query_frontend: {query_end_cutoff: 0s}
`
const ID = '0a0000000000000000000000000000ff'

function request(names: string[]) {
  const start = BigInt(Date.now() - 2000) * 1_000_000n
  const spans = names.map((name, i) => ({
    traceId: ID,
    spanId: String(i + 1).padStart(16, '0'),
    parentSpanId: i === 0 ? '' : '0000000000000001',
    name,
    kind: 2,
    startTimeUnixNano: String(start + BigInt(i) * 1_000_000n),
    endTimeUnixNano: String(start + 1_500_000_000n),
    attributes: [{ key: 'size', value: { intValue: '42' } }],
    status: i === 1 ? { code: 2, message: 'broken' } : {},
  }))
  const attributes = [{ key: 'service.name', value: { stringValue: 'neuro' } }]
  return { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: { name: 'lib' }, spans }] }] }
}

const bytes = (names: string[]) => encodeRequest('traces', requestFromJson('traces', request(names)))
const search = async (url: string, q: string) =>
  (await (await fetch(`${url}/api/search?q=${encodeURIComponent(q)}`)).json()) as { traces: Record<string, unknown>[] }

test('by id at once, by search once the trace is idle; both again after a restart', async () => {
  const dir = await folder()
  // Long enough for the first search below to come before, on a busy machine too.
  const first = await start(dir, FAST.replace('150ms', '2s'))
  await first.client.export('traces', bytes(['process_file', 'load_file']))
  const byId = await fetch(`${first.url}/api/traces/${ID.slice(1)}`)
  expect(byId.status).toBe(200)
  const { batches } = (await byId.json()) as { batches: { scopeSpans: { spans: Record<string, unknown>[] }[] }[] }
  expect(batches[0]!.scopeSpans[0]!.spans[1]).toMatchObject({
    traceId: Buffer.from(ID, 'hex').toString('base64'),
    kind: 'SPAN_KIND_SERVER',
    status: { code: 'STATUS_CODE_ERROR', message: 'broken' },
    attributes: [{ key: 'size', value: { intValue: '42' } }],
  })
  expect((await search(first.url, '{}')).traces).toEqual([])
  await expect.poll(async () => (await search(first.url, '{}')).traces.length, { timeout: 15_000 }).toBe(1)
  const { traces } = await search(first.url, '{ status = error && span.size > 40 }')
  expect(traces[0]).toMatchObject({
    traceID: ID.slice(1),
    rootServiceName: 'neuro',
    rootTraceName: 'process_file',
    durationMs: 1500,
    serviceStats: { neuro: { spanCount: 2, errorCount: 1 } },
    spanSet: { matched: 1, spans: [{ spanID: '0000000000000002' }] },
  })

  await first.service.stop()
  const second = await start(dir, FAST)
  expect((await search(second.url, '{ name = "load_file" }')).traces).toHaveLength(1)
  // After the restart it is in a block, whose traces are views of columns.
  const roots = await fetch(`${second.url}/api/v2/search/tag/rootName/values`)
  expect(await roots.json()).toMatchObject({ tagValues: [{ type: 'string', value: 'process_file' }] })
  // The collector may send again what it could not tell was taken.
  await second.client.export('traces', bytes(['process_file', 'load_file']))
  const again = (await (await fetch(`${second.url}/api/v2/traces/${ID}`)).json()) as never as {
    trace: { resourceSpans: { scopeSpans: { spans: unknown[] }[] }[] }
  }
  const spans = again.trace.resourceSpans.flatMap((r) => r.scopeSpans.flatMap((s) => s.spans))
  expect(spans).toHaveLength(2)
})

test('OTLP over HTTP as protobuf and JSON; garbage is refused and nothing is lost', async () => {
  const { url, http, client } = await start(await folder(), FAST)
  const post = async (body: string | Uint8Array<ArrayBuffer>, type: string) =>
    (
      await fetch(`http://127.0.0.1:${http.port}/v1/traces`, {
        method: 'POST',
        body,
        headers: { 'content-type': type },
      })
    ).status
  expect(await post(JSON.stringify(request(['a'])), 'application/json')).toBe(200)
  expect(await post(new Uint8Array(bytes(['a', 'b'])), 'application/x-protobuf')).toBe(200)
  expect(await post('garbage', 'application/x-protobuf')).toBe(400)
  expect(await post('{"resourceSpans": 3}', 'application/json')).toBe(400)
  expect(await post('x', 'text/plain')).toBe(415)
  await expect(client.export('traces', new Uint8Array([1, 2, 3]))).rejects.toThrow()
  expect((await fetch(`${url}/api/traces/${ID}`)).status).toBe(200)
})

test('the API answers mistakes as Tempo does', async () => {
  const { url } = await start(await folder(), FAST)
  const get = async (path: string) => {
    const answer = await fetch(url + path)
    return [answer.status, await answer.text()]
  }
  expect(await get('/ready')).toEqual([200, 'ready\n'])
  expect(await get('/api/echo')).toEqual([200, 'echo'])
  expect(await get('/api/traces/1234')).toEqual([404, ''])
  expect(await get('/api/v2/traces/1234')).toEqual([200, '{"trace":{},"metrics":{}}'])
  expect((await get('/api/traces/xyz'))[0]).toBe(400)
  expect(await get('/api/search?q=%7B%20.a%20')).toEqual([
    400,
    'invalid TraceQL query: parse error at line 1, col 6: syntax error: unexpected $end',
  ])
  expect(await get('/api/search?q=%7B%7D&start=5')).toEqual([
    400,
    'http parameter start must be before end. received start=5 end=0',
  ])
  expect(await get('/api/search?q=%7B%7D')).toEqual([
    200,
    '{"traces":[],"metrics":{"inspectedTraces":0,"completedJobs":1,"totalJobs":1}}',
  ])
})

test('the config that the lab ships is taken; what Tempo 3 dropped is met with what replaced it', async () => {
  const shipped = await readFile('stack/configs/tempo.yaml', 'utf8')
  await start(await folder(), shipped)
  const refused = start(await folder(), 'server: {http_listen_port: 3200}\ningester: {trace_idle_period: 5s}\n')
  await expect(refused).rejects.toMatchObject({
    code: 'config-invalid',
    message: expect.stringContaining('line 2: field ingester not found in type app.Config'),
    hint: expect.stringContaining('live_store'),
  })
  await expect(start(await folder(), 'live_store: {trace_idle_period: 5s}')).rejects.toThrow(
    'field trace_idle_period not found in type livestore.Config',
  )
})

test('a span of no trace is left out and told of; the spans that came with it are there, also after a restart', async () => {
  const dir = await folder()
  const { client, url, service } = await start(dir, FAST)
  const data = requestFromJson('traces', request(['good', 'bad', 'fine']))
  data[0]!.scopes[0]!.items[1]!.traceId = ''
  expect(await client.export('traces', encodeRequest('traces', data))).toEqual({
    rejected: 1,
    errorMessage: 'trace ids must be 128 bit, received 0 bits',
  })
  const names = async (at: string) => {
    const { text } = await fetch(`${at}/api/traces/${ID}`).then(async (r) => ({ text: await r.text() }))
    return ['good', 'bad', 'fine'].filter((name) => text.includes(`"${name}"`))
  }
  expect(await names(url)).toEqual(['good', 'fine'])
  await service.stop()
  expect(await names((await start(dir, FAST)).url)).toEqual(['good', 'fine'])
  const { client: another } = await start(await folder(), FAST)
  data[0]!.scopes[0]!.items = data[0]!.scopes[0]!.items.slice(1, 2)
  await expect(another.export('traces', encodeRequest('traces', data))).rejects.toMatchObject({ code: 3 })
})
