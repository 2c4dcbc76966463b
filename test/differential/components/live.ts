import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createNetwork } from '../../../src/embedded/network.ts'
import { serveOtlpGrpc } from '../../../src/embedded/otlp-grpc.ts'
import { requestToJson } from '../../../src/otlp/json.ts'
import { decodeRequest } from '../../../src/otlp/protobuf.ts'
import type { Signal } from '../../../src/otlp/types.ts'
import { itemTexts } from '../../support/beside/results.ts'
import { requestsOf } from '../../support/beside/telemetry.ts'
import { capture, startOurs } from '../../support/own-collector.ts'
import { freePort, startRealCollector } from '../../support/real-collector.ts'
import { AUTH_CASES, answersTo, authConfig } from './auth.ts'

/** Both ask for tokens: each of a thousand requests is answered alike. */
export async function compareAuth(path: string, version: string): Promise<boolean> {
  let bad = 0
  for (const { settings, header } of AUTH_CASES) {
    const answers = async (start: (config: string) => Promise<{ stop(): Promise<void> }>) => {
      const port = await freePort()
      const collector = await start(authConfig(settings, port))
      const all = await answersTo(port, header)
      await collector.stop()
      return all
    }
    const [theirs, ours] = [await answers((config) => startRealCollector(path, config)), await answers(startOurs)]
    const other = Object.keys(theirs).filter((key) => theirs[key] !== ours[key])
    bad += other.length
    for (const key of other) console.log(`✗ ${settings} ${key}\n    real: ${theirs[key]}\n    ours: ${ours[key]}`)
  }
  console.log(
    `bearertokenauth: ${AUTH_CASES.length} settings, ${bad} kinds of requests answered otherwise than by the real ${version}`,
  )
  return bad === 0
}

const BACKEND_MS = 20_000

/** Both keep a queue: what was accepted while the backend was away comes out of the next process. */
export async function compareQueue(path: string, version: string): Promise<boolean> {
  const counts: string[] = []
  for (const who of ['real', 'ours'] as const) {
    const dir = await mkdtemp(join(tmpdir(), 'queue-'))
    const [port, backend] = [await freePort(), await freePort()]
    const config = queueConfig(port, backend, who === 'real' ? dir : '/kept')
    const start = () => (who === 'real' ? startRealCollector(path, config) : startOurs(config, dir))
    const first = await start()
    for (const json of requestsOf('traces')) {
      const body = JSON.stringify(json)
      const headers = { 'content-type': 'application/json' }
      await fetch(`http://127.0.0.1:${port}/v1/traces`, { method: 'POST', headers, body })
    }
    await first.stop()
    const sink = await capture(backend)
    const second = await start()
    const requests = requestsOf('traces').length
    for (const end = Date.now() + BACKEND_MS; sink.got.size < requests && Date.now() < end; ) await sleep(50)
    await second.stop()
    await sink.close()
    await rm(dir, { recursive: true, force: true })
    counts.push(`${sink.got.size} of ${requests}`)
  }
  const [theirs, ours] = counts
  console.log(
    `file_storage: of the requests accepted before a restart ${theirs} come out of the real ${version}, ${ours} of ours`,
  )
  return theirs === ours
}

const queueConfig = (port: number, backend: number, directory: string) => `
extensions: {file_storage: {directory: ${directory}}}
receivers: {otlp: {protocols: {http: {endpoint: '127.0.0.1:${port}'}}}}
exporters:
  otlp_http:
    endpoint: http://127.0.0.1:${backend}
    retry_on_failure: {initial_interval: 200ms, max_interval: 500ms}
    sending_queue: {storage: file_storage, queue_size: 5000}
service:
  extensions: [file_storage]
  telemetry: {metrics: {level: none}}
  pipelines: {traces: {receivers: [otlp], exporters: [otlp_http]}}
`

const BALANCED: { signal: Signal; key: string; more?: string }[] = [
  { signal: 'traces', key: 'traceID' },
  { signal: 'traces', key: 'service' },
  { signal: 'traces', key: 'attributes', more: 'routing_attributes: [service.name, span.kind, tenant]' },
  { signal: 'logs', key: 'service' },
  { signal: 'metrics', key: 'service' },
  { signal: 'metrics', key: 'metric' },
]

/** Both share a thousand items among three backends: the same come to each. */
export async function compareBalance(path: string, version: string): Promise<boolean> {
  let bad = 0
  for (const { signal, key, more = '' } of BALANCED) {
    const sinks = await Promise.all([1, 2, 3].map(() => itemsAt(signal)))
    const hosts = sinks.map(({ port }) => `127.0.0.1:${port}`)
    const came: string[][][] = []
    for (const start of [(text: string) => startRealCollector(path, text), (text: string) => startOurs(text)]) {
      for (const { texts } of sinks) texts.length = 0
      const port = await freePort()
      const collector = await start(balanceConfig(port, signal, hosts, `routing_key: ${key}\n    ${more}`))
      for (const json of requestsOf(signal)) {
        const headers = { 'content-type': 'application/json' }
        await fetch(`http://127.0.0.1:${port}/v1/${signal}`, { method: 'POST', headers, body: JSON.stringify(json) })
      }
      await collector.stop()
      came.push(sinks.map(({ texts }) => [...texts].sort()))
    }
    await Promise.all(sinks.map(({ close }) => close()))
    const same = JSON.stringify(came[0]) === JSON.stringify(came[1])
    if (!same) bad++
    const counts = came.map((each) => each.map(({ length }) => length).join('+'))
    console.log(`${same ? 'ok ' : '✗ '} load_balancing ${signal} by ${key}: real ${counts[0]}, ours ${counts[1]}`)
  }
  console.log(`load_balancing: ${BALANCED.length - bad} of ${BALANCED.length} keys share as the real ${version}`)
  return bad === 0
}

const one = (text: string) => [text]

/** The real one puts points of a metric together that came in several. */
function pointsIn(text: string): string[] {
  const { item, ...around } = JSON.parse(text) as { item: Record<string, unknown> }
  const [kind, data] = Object.entries(item).find(([, value]) => typeof value === 'object')!
  const { dataPoints = [], ...rest } = data as { dataPoints?: unknown[] }
  return dataPoints.map((point) => JSON.stringify([item.name, item.unit, kind, rest, point, around]))
}

async function itemsAt(signal: Signal) {
  const texts: string[] = []
  const { inflate } = createNetwork({ portOffset: 0 })
  const server = await serveOtlpGrpc({
    port: 0,
    inflate,
    onExport: async (of, bytes) => {
      texts.push(
        ...itemTexts(requestToJson(of, decodeRequest(of, bytes) as never)).flatMap(of === 'metrics' ? pointsIn : one),
      )
      return {}
    },
  })
  return { texts, port: server.port, signal, close: () => server.close() }
}

const balanceConfig = (port: number, signal: Signal, hosts: string[], more: string) => `
receivers: {otlp: {protocols: {http: {endpoint: '127.0.0.1:${port}'}}}}
exporters:
  load_balancing:
    protocol: {otlp: {tls: {insecure: true}, sending_queue: {enabled: false}}}
    resolver: {static: {hostnames: ${JSON.stringify(hosts)}}}
    ${more}
service:
  telemetry: {metrics: {level: none}}
  pipelines: {${signal}: {receivers: [otlp], exporters: [load_balancing]}}
`
