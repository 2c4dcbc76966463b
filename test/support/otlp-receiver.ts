import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { createInflate } from '../../src/embedded/compression.ts'
import { serveOtlpGrpc } from '../../src/embedded/otlp-grpc.ts'
import { requestFromJson } from '../../src/otlp/json.ts'
import { decodeRequest } from '../../src/otlp/protobuf.ts'
import type { LogRecord, Metric, ResourceOf, Signal, SignalData, Span } from '../../src/otlp/types.ts'

export interface OtlpReceiver {
  grpcUrl: string
  httpUrl: string
  /** All requests so far. */
  requests: { signal: Signal; data: SignalData[Signal]; headers: Record<string, unknown> }[]
  spans(): Span[]
  logs(): LogRecord[]
  /** The newest state of each metric. */
  metrics(): Map<string, Metric>
  close(): Promise<void>
}

/** OTLP by gRPC and by HTTP (protobuf and JSON) on free ports, keeping what comes. */
export async function otlpReceiver(): Promise<OtlpReceiver> {
  const requests: OtlpReceiver['requests'] = []
  const grpc = await serveOtlpGrpc({
    port: 0,
    inflate: createInflate(64 << 20),
    onExport: async (signal, bytes, headers) => {
      requests.push({ signal, data: decodeRequest(signal, bytes), headers })
      return {}
    },
  })
  const http = createServer(async (request, answer) => {
    const signal = request.url!.split('/').at(-1) as Signal
    const raw = await body(request)
    const bytes = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw
    const json = request.headers['content-type'] === 'application/json'
    const data = json ? requestFromJson(signal, JSON.parse(bytes.toString('utf8'))) : decodeRequest(signal, bytes)
    requests.push({ signal, data, headers: request.headers })
    answer.writeHead(200, { 'content-type': request.headers['content-type'] }).end(json ? '{}' : '')
  })
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  const items = <T>(signal: Signal) =>
    requests
      .filter((request) => request.signal === signal)
      .flatMap(({ data }) => data as unknown as ResourceOf<T>[])
      .flatMap(({ scopes }) => scopes.flatMap((scope) => scope.items))
  return {
    grpcUrl: `http://127.0.0.1:${grpc.port}`,
    httpUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    requests,
    spans: () => items<Span>('traces'),
    logs: () => items<LogRecord>('logs'),
    metrics: () => new Map(items<Metric>('metrics').map((metric) => [metric.name, metric])),
    async close() {
      http.closeAllConnections()
      http.close()
      await grpc.close()
    },
  }
}

async function body(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
