import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { resolveConfig } from '../../../src/collector-config.ts'
import { replay } from '../../../src/embedded/collector/replay.ts'
import { requestFromJson } from '../../../src/otlp/json.ts'
import { encodeRequest } from '../../../src/otlp/protobuf.ts'
import { type Bench, bench, spans, until } from './support.ts'

let open: Bench | undefined
afterEach(() => open?.end())

const queued = (storage: string) => `
receivers: {otlp: {protocols: {grpc: {}}}}
exporters:
  otlp_grpc:
    endpoint: 'tempo:4317'
    tls: {insecure: true}
    retry_on_failure: {initial_interval: 50ms, max_interval: 100ms}
    sending_queue: {storage: ${storage}}
extensions: {file_storage: {directory: /queue, create_directory: true}}
service:
  extensions: [file_storage]
  pipelines: {traces: {receivers: [otlp], exporters: [otlp_grpc]}}
`

const namesOf = (got: { data: unknown }[]) =>
  got.flatMap(({ data }) =>
    (data as { scopes: { items: { name: string }[] }[] }[]).flatMap(({ scopes }) =>
      scopes.flatMap(({ items }) => items.map(({ name }) => name)),
    ),
  )

test('a queue with a storage is on disk until it is sent, and goes out once after a restart', async () => {
  open = await bench()
  const first = await open.start(queued('file_storage'))
  await open.send('traces', spans('kept'))
  const folder = join(open.dir, 'files', 'queue', 'exporter_otlp_grpc_traces')
  const held = async () => (await readdir(folder)).filter((name) => name.endsWith('.otlp'))
  expect(await held()).toHaveLength(1)
  await first.stop()
  expect(await held()).toHaveLength(1)
  const backend = await open.backend()
  await open.start(queued('file_storage'))
  await until(() => backend.got.length > 0, 15_000)
  await until(async () => (await held()).length === 0, 15_000)
  expect(namesOf(backend.got)).toEqual(['kept'])
})

test('what a killed process left in the storage is sent, and what cannot be read is set aside', async () => {
  open = await bench()
  const backend = await open.backend()
  const folder = join(open.dir, 'files', 'queue', 'exporter_otlp_grpc_traces')
  const service = await open.start(queued('file_storage'))
  await service.stop()
  const request = encodeRequest('traces', requestFromJson('traces', spans('orphan')))
  await writeFile(join(folder, '0000000000000007.otlp'), request)
  await writeFile(join(folder, '0000000000000008.otlp'), 'no protobuf')
  await writeFile(join(folder, '0000000000000009.otlp.part'), request)
  await open.start(queued('file_storage'))
  await until(() => backend.got.length > 0, 15_000)
  expect(namesOf(backend.got)).toEqual(['orphan'])
  expect((await readdir(folder)).filter((name) => !/0007/.test(name))).toEqual(['0000000000000008.otlp.damaged'])
  expect(open.log.join('\n')).toContain('is set aside')
})

test('a storage that nobody started is told of', () => {
  const { diagnostics } = resolveConfig(queued('file_storage/other'), {})
  expect(diagnostics.find(({ severity }) => severity === 'error')?.message).toBe(
    'cannot start pipelines: failed to start "otlp_grpc" exporter: no storage client extension found',
  )
})

const guarded = (token: string) => `
receivers:
  otlp:
    protocols:
      grpc: {auth: {authenticator: bearertokenauth}}
      http: {endpoint: '127.0.0.1:4318', auth: {authenticator: bearertokenauth}}
exporters:
  debug: {}
  otlp_http: {endpoint: 'http://otel-collector:4318', auth: {authenticator: bearertokenauth/mine}, retry_on_failure: {enabled: false}}
extensions:
  bearertokenauth: {tokens: [one, secret]}
  bearertokenauth/mine: {token: ${token}}
service:
  extensions: [bearertokenauth, bearertokenauth/mine]
  pipelines:
    traces: {receivers: [otlp], exporters: [debug]}
    logs: {receivers: [otlp], exporters: [debug]}
`

test('who has the token may send, by either door; who has not is told why', async () => {
  open = await bench()
  await open.start(guarded('secret'))
  const refused = await open.send('traces', spans('a')).catch((error: Error) => error.message)
  expect(JSON.stringify(refused)).toContain('missing or empty authorization header: Authorization')
  const { host, port } = open.network.resolve('app', 'otel-collector', 4318)!
  const url = `http://${host}:${port}/v1/traces`
  const post = (headers: Record<string, string>) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(spans('a')),
    })
  const wrong = await post({ authorization: 'Bearer nope' })
  expect([wrong.status, await wrong.json()]).toEqual([
    401,
    { code: 16, message: 'provided authorization does not match expected scheme or token' },
  ])
  expect((await post({ authorization: 'Bearer secret' })).status).toBe(200)
})

test('redaction takes away, masks and lets pass, and says so', async () => {
  const config = `
receivers: {otlp: {protocols: {grpc: {}}}}
processors:
  redaction:
    allowed_keys: [service.name, http.status, card, mail, safe]
    blocked_values: ['4[0-9]{12}(?:[0-9]{3})?', '[a-z]+@example\\.com']
    blocked_key_patterns: ['^card$']
    allowed_values: ['^ok@example\\.com$']
    ignored_keys: [safe]
    summary: debug
exporters: {debug: {}}
service: {pipelines: {traces: {receivers: [otlp], processors: [redaction], exporters: [debug]}}}
`
  const json = spans('a') as { resourceSpans: { scopeSpans: { spans: { attributes: unknown[] }[] }[] }[] }
  const text = (key: string, value: string) => ({ key, value: { stringValue: value } })
  json.resourceSpans[0]!.scopeSpans[0]!.spans[0]!.attributes = [
    text('card', '4111111111111111'),
    text('mail', 'to joe@example.com and ann@example.com'),
    text('gone', 'x'),
    text('safe', 'joe@example.com'),
    text('http.status', 'ok@example.com'),
  ]
  const { exported } = await replay(config, [{ signal: 'traces', json }], {})
  const out = exported[0]!.json as typeof json
  expect(out.resourceSpans[0]!.scopeSpans[0]!.spans[0]!.attributes).toEqual([
    text('card', '****'),
    text('mail', 'to **** and ****'),
    text('safe', 'joe@example.com'),
    text('http.status', 'ok@example.com'),
    text('redaction.redacted.keys', 'gone'),
    { key: 'redaction.redacted.count', value: { intValue: '1' } },
    text('redaction.masked.keys', 'card,mail'),
    { key: 'redaction.masked.count', value: { intValue: '2' } },
    text('redaction.allowed.keys', 'http.status'),
    { key: 'redaction.allowed.count', value: { intValue: '1' } },
    { key: 'redaction.ignored.count', value: { intValue: '1' } },
  ])
})
