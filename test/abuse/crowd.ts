import { connect } from 'node:http2'
import { setTimeout as sleep } from 'node:timers/promises'
import { deflateSync, gzipSync } from 'node:zlib'
import { deflateLz4 } from '../../src/embedded/compression/lz4.ts'
import { deflateZstd } from '../../src/embedded/compression/zstd.ts'
import { prefixed } from '../../src/embedded/grpc/message.ts'
import { residentMib } from '../bench/load/process.ts'
import { ask } from './attack.ts'

/** Where the services listen, by service and purpose, as `status --json` tells. */
export type Ports = Record<string, Record<string, number>>

export interface Crowd {
  name: string
  /** One of the many; what it was answered with. */
  send(): Promise<{ status: number; message: string }>
  expect: number[]
}

export interface CrowdFigures {
  answers: Record<string, number>
  ms: number
  beforeMib: number
  peakMib: number
  afterMib: number
}

const CROWD = 200
const INFLATED = 64 << 20
const LATER_MS = 10_000

/** Bodies of some ten kilobytes that blow up to 64 MiB, in every encoding, for each door that takes one. */
export async function crowds(ports: Ports): Promise<Crowd[]> {
  const plain = Buffer.alloc(INFLATED, 0x20)
  const bombs = {
    gzip: gzipSync(plain, { level: 9 }),
    deflate: deflateSync(plain, { level: 9 }),
    zstd: await deflateZstd(plain, 19),
    lz4: deflateLz4(plain),
  }
  const http = (service: string, purpose: string, path: string, type: string, encodings: (keyof typeof bombs)[]) =>
    encodings.map((encoding): Crowd => {
      const url = `http://127.0.0.1:${ports[service]![purpose]}${path}`
      const request = { url, headers: { 'content-type': type, 'content-encoding': encoding }, body: bombs[encoding] }
      return { name: `${service} ${path} ${encoding}, ${type}`, send: () => ask(request), expect: [400, 413] }
    })
  const grpc = (service: string): Crowd => {
    const port = ports[service]!['otlp-grpc']!
    const send = () => byGrpc(port, 'gzip', bombs.gzip)
    return { name: `${service} OTLP/gRPC gzip`, send, expect: [8] }
  }
  const all = ['gzip', 'deflate', 'zstd', 'lz4'] as const
  return [
    ...http('otel-collector', 'otlp-http', '/v1/traces', 'application/x-protobuf', [...all]),
    ...http('otel-collector', 'otlp-http', '/v1/logs', 'application/json', ['gzip']),
    grpc('otel-collector'),
    ...http('tempo', 'otlp-http', '/v1/traces', 'application/x-protobuf', [...all]),
    grpc('tempo'),
    ...http('loki', 'http', '/loki/api/v1/push', 'application/json', ['gzip', 'deflate']),
    ...http('loki', 'http', '/otlp/v1/logs', 'application/x-protobuf', ['gzip']),
  ]
}

/** All at once. */
export async function storm(crowd: Crowd, pid: number): Promise<CrowdFigures> {
  const beforeMib = residentMib(pid)
  let peakMib = beforeMib
  const watch = setInterval(() => {
    peakMib = Math.max(peakMib, residentMib(pid))
  }, 20)
  const began = performance.now()
  const answers: Record<string, number> = {}
  await Promise.all(
    Array.from({ length: CROWD }, async () => {
      const { status, message } = await crowd.send()
      const key = crowd.expect.includes(status) ? String(status) : `${status} ${message.slice(0, 80)}`
      answers[key] = (answers[key] ?? 0) + 1
    }),
  )
  const ms = performance.now() - began
  await sleep(LATER_MS)
  clearInterval(watch)
  return { answers, ms, beforeMib, peakMib, afterMib: residentMib(pid) }
}

/** One Export call over a connection of its own; resolves with its grpc-status. */
function byGrpc(port: number, encoding: string, body: Uint8Array): Promise<{ status: number; message: string }> {
  return new Promise((resolve) => {
    const session = connect(`http://127.0.0.1:${port}`)
    const failed = (error: Error) => resolve({ status: -1, message: error.message })
    session.on('error', failed)
    const stream = session.request({
      ':method': 'POST',
      ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
      'content-type': 'application/grpc',
      'grpc-encoding': encoding,
      te: 'trailers',
    })
    let status = { status: -1, message: 'no status' }
    const read = (headers: Record<string, unknown>) => {
      if (headers['grpc-status'] === undefined) return
      status = { status: Number(headers['grpc-status']), message: String(headers['grpc-message']) }
    }
    stream.on('response', read)
    stream.on('trailers', read)
    stream.on('error', failed)
    stream.on('close', () => {
      session.close()
      resolve(status)
    })
    stream.resume()
    stream.end(prefixed(body, true))
  })
}
