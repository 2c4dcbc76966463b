import { setTimeout as sleep } from 'node:timers/promises'
import { SIGNALS } from '../../../src/util/signal.ts'
import { capture, startOurs, textOf } from '../../support/own-collector.ts'
import { freePort, realCollector, startRealCollector } from '../../support/real-collector.ts'
import { payloads } from './payloads.ts'

const HTTP = ['none', 'gzip', 'zlib', 'deflate', 'snappy', 'x-snappy-framed', 'zstd', 'lz4']
const GRPC = ['none', 'gzip', 'snappy', 'zstd']
const ARRIVE_MS = 20_000

const real = realCollector()
if (real === undefined) {
  console.log('agents: SKIPPED, OTELCOL names no Collector')
} else {
  console.log(`beside ${real.path}, ${real.version}`)
  let bad = 0
  for (const { protocol, compressions } of [
    { protocol: 'otlp_http', compressions: HTTP },
    { protocol: 'otlp_grpc', compressions: GRPC },
  ] as const) {
    for (const compression of compressions) {
      for (const order of ['real in front of ours', 'ours in front of the real one'] as const) {
        const { arrived, sent, said } = await chain(real.path, protocol, compression, order)
        const ok = arrived === sent
        if (!ok) bad++
        console.log(`${ok ? 'ok  ' : 'BAD '} ${order}, ${protocol}, ${compression}: ${arrived} of ${sent} as they were`)
        if (!ok) console.log(said.split('\n').slice(-6).join('\n'))
      }
    }
  }
  console.log(bad === 0 ? 'all arrive' : `${bad} do not`)
  process.exitCode = bad === 0 ? 0 : 1
}

/** Sends everything through both; what comes out of the second is kept as it comes, without compression. */
async function chain(path: string, protocol: 'otlp_http' | 'otlp_grpc', compression: string, order: string) {
  const sink = await capture()
  const [entry, between] = [await freePort(), await freePort()]
  const link = protocol === 'otlp_http' ? `endpoint: http://127.0.0.1:${between}` : `endpoint: 127.0.0.1:${between}`
  const first = configOf('http', entry, `${protocol}: {${link}, compression: ${compression}, tls: {insecure: true}}`)
  const into = protocol === 'otlp_http' ? 'http' : 'grpc'
  const second = configOf(into, between, `otlp_http: {endpoint: http://127.0.0.1:${sink.port}, compression: none}`)
  const start = { ours: startOurs, real: (config: string) => startRealCollector(path, config) }
  const [before, after] = order.startsWith('real') ? (['real', 'ours'] as const) : (['ours', 'real'] as const)
  const behind = await start[after](second)
  const front = await start[before](first)
  try {
    const all = payloads()
    for (const { signal, bytes } of all) {
      const url = `http://127.0.0.1:${entry}/v1/${signal}`
      const headers = { 'content-type': 'application/x-protobuf' }
      const { status } = await fetch(url, { method: 'POST', headers, body: new Uint8Array(bytes) })
      if (status !== 200) throw new Error(`the first one answers ${status}`)
    }
    const missing = () => all.filter(({ signal, bytes }) => !sink.got.has(`${signal} ${textOf(bytes)}`))
    for (const end = Date.now() + ARRIVE_MS; missing().length > 0 && Date.now() < end; ) await sleep(50)
    const said = `${front.log()}\n${behind.log()}`
    return { arrived: all.length - missing().length, sent: all.length, said }
  } finally {
    await front.stop()
    await behind.stop()
    await sink.close()
  }
}

function configOf(protocol: string, port: number, exporter: string): string {
  const name = exporter.split(':')[0]
  return `
receivers: {otlp: {protocols: {${protocol}: {endpoint: '127.0.0.1:${port}'}}}}
exporters: {${exporter}}
service:
  telemetry: {metrics: {level: none}}
  pipelines: {${SIGNALS.map((signal) => `${signal}: {receivers: [otlp], exporters: [${name}]}`).join(', ')}}
`
}
