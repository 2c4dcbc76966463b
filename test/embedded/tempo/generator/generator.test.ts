import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { createNetwork } from '../../../../src/embedded/network.ts'
import { startPrometheus } from '../../../../src/embedded/prometheus/prometheus.ts'
import { parseTempoConfig } from '../../../../src/embedded/tempo/config.ts'
import { startTempo } from '../../../../src/embedded/tempo/tempo.ts'

const ended: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end()
})

const TEMPO = `
distributor: {receivers: {otlp: {protocols: {http: {endpoint: 0.0.0.0:4318}}}}}
metrics_generator:
  registry: {collection_interval: 100ms}
  storage: {path: /tmp/x, remote_write: [{url: "http://prometheus:9090/api/v1/write"}]}
overrides: {defaults: {metrics_generator: {processors: [service-graphs]}}}
`

test('spans sent to Tempo draw a service map in Prometheus', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'generator-'))
  ended.push(() => rm(dir, { recursive: true, force: true }))
  const network = { ...createNetwork({ portOffset: 0 }), bindPort: () => 0 }
  const run = async (start: typeof startTempo, name: string, configText: string) => {
    const dataDir = join(dir, name)
    await mkdir(dataDir)
    const service = await start({
      name,
      network,
      dataDir,
      configText,
      configPath: `${name}.yaml`,
      env: {},
      log: () => {},
    })
    ended.push(() => service.stop())
    return service
  }
  // Tempo is there first: what it could not send must come later.
  await run(startTempo, 'tempo', TEMPO)
  const now = BigInt(Date.now()) * 1_000_000n
  const of = (service: string, span: object) => ({
    resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
    scopeSpans: [
      {
        spans: [
          {
            traceId: '0a0000000000000000000000000000ff',
            name: 'call',
            startTimeUnixNano: String(now),
            endTimeUnixNano: String(now + 250_000_000n),
            ...span,
          },
        ],
      },
    ],
  })
  const { host, port } = network.resolve('x', 'tempo', 4318)!
  const sent = await fetch(`http://${host}:${port}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      resourceSpans: [
        of('web', { spanId: '00000000000000a1', kind: 3 }),
        of('api', { spanId: '00000000000000a2', parentSpanId: '00000000000000a1', kind: 2 }),
      ],
    }),
  })
  expect(sent.status).toBe(200)
  const prometheus = await run(startPrometheus, 'prometheus', 'storage: {tsdb: {out_of_order_time_window: 10m}}')
  const ask = async (query: string) => {
    const url = `http://127.0.0.1:${prometheus.ports().http}/api/v1/query?query=${encodeURIComponent(query)}`
    const answer = (await (await fetch(url)).json()) as { data: { result: { metric: object; value: [0, string] }[] } }
    return answer.data.result.map(({ metric, value }) => [metric, value[1]])
  }
  await vi.waitFor(
    async () =>
      expect(await ask('sum by (client, server) (traces_service_graph_request_total)')).toEqual([
        [{ client: 'web', server: 'api' }, '1'],
      ]),
    { timeout: 8000, interval: 50 },
  )
  expect(await ask('traces_service_graph_request_server_seconds_bucket{le=~"0.2|0.4"}')).toEqual([
    [expect.objectContaining({ client: 'web', server: 'api', le: '0.2' }), '0'],
    [expect.objectContaining({ client: 'web', server: 'api', le: '0.4' }), '1'],
  ])
})

test.each([
  ['processor: {service_graphs: {histogram_buckets: [0.1, soon]}}', /histogram_buckets must be numbers/],
  ['processor: {service_graphs: {histogram_buckets: [2, 1]}}', /each larger than the one before/],
  ['storage: {remote_write: [{url: prometheus:9090}]}', /it must begin with http:\/\//],
])('the config refuses %s', (generator, message) => {
  const overrides = 'overrides: {defaults: {metrics_generator: {processors: [service-graphs]}}}'
  const read = () => parseTempoConfig(`metrics_generator: {${generator}}\n${overrides}`, 'tempo.yaml')
  expect(read).toThrow(message)
})
