import { type ClientHttp2Session, connect, constants, type IncomingHttpHeaders } from 'node:http2'
import type { ConnectionOptions } from 'node:tls'
import { Reader } from '../../otlp/protobuf/reader.ts'
import { compress, type Inflate } from '../compression.ts'
import { tlsWords } from '../tls-words.ts'
import { GRPC_ENCODINGS, MessageReader, prefixed } from './message.ts'
import { decodeMessage, GRPC_STATUS, GrpcRefusal } from './status.ts'

export interface GrpcClientOptions {
  host: string
  port: number
  /** grpc-encoding of what is sent: gzip, snappy or zstd; as it is without. */
  compression?: string
  timeoutMs: number
  headers: Record<string, string>
  tls?: ConnectionOptions
  inflate: Inflate
}

export interface GrpcClient {
  /** Throws GrpcRefusal. */
  call(path: string, message: Uint8Array): Promise<Uint8Array>
  close(): void
}

const MAX_ANSWER_BYTES = 4 << 20
const WINDOW_BYTES = 1 << 20

/** What an HTTP status says where there is no gRPC status (grpc http-grpc-status-mapping.md). */
const BY_HTTP: Record<number, number> = {
  400: GRPC_STATUS.INTERNAL,
  401: GRPC_STATUS.UNAUTHENTICATED,
  403: GRPC_STATUS.PERMISSION_DENIED,
  404: GRPC_STATUS.UNIMPLEMENTED,
  429: GRPC_STATUS.UNAVAILABLE,
  502: GRPC_STATUS.UNAVAILABLE,
  503: GRPC_STATUS.UNAVAILABLE,
  504: GRPC_STATUS.UNAVAILABLE,
}

/** Unary calls over one HTTP/2 connection, made when it is needed and anew when it is gone. */
export function createGrpcClient(options: GrpcClientOptions): GrpcClient {
  const { host, port, tls, compression, timeoutMs } = options
  const origin = `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`
  const encoding = compression === undefined ? undefined : GRPC_ENCODINGS.get(compression)
  const headers = {
    ':method': 'POST',
    'content-type': 'application/grpc',
    te: 'trailers',
    'user-agent': 'OpenTelemetry Collector (otel-lab, embedded)',
    ...(encoding ? { 'grpc-encoding': compression } : {}),
    ...Object.fromEntries(Object.entries(options.headers).map(([key, value]) => [key.toLowerCase(), value])),
  }
  let session: (ClientHttp2Session & { why?: Error }) | undefined

  const connected = () => {
    if (session !== undefined && !session.closed && !session.destroyed) return session
    const fresh: ClientHttp2Session & { why?: Error } = connect(origin, {
      settings: { initialWindowSize: WINDOW_BYTES, enablePush: false },
      ...tls,
    })
    fresh.on('error', (error) => {
      fresh.why = error
    })
    // It takes no new streams: the next call connects anew.
    fresh.on('goaway', () => fresh.close())
    session = fresh
    return fresh
  }

  return {
    async call(path, message) {
      const payload = encoding === undefined ? message : await compress(encoding, message)
      const body = prefixed(payload, encoding !== undefined)
      return new Promise((resolve, reject) => {
        const over = connected()
        const stream = over.request({ ...headers, ':path': path, 'grpc-timeout': `${Math.ceil(timeoutMs)}m` })
        const reader = new MessageReader(MAX_ANSWER_BYTES)
        let head: IncomingHttpHeaders = {}
        let trailers: IncomingHttpHeaders | undefined
        let failed: Error | undefined
        const deadline = setTimeout(() => {
          failed = new GrpcRefusal(GRPC_STATUS.DEADLINE_EXCEEDED, 'context deadline exceeded')
          stream.close(constants.NGHTTP2_CANCEL)
        }, timeoutMs)
        stream.on('response', (got) => {
          head = got
        })
        stream.on('trailers', (got) => {
          trailers = got
        })
        stream.on('data', (part: Buffer) => {
          try {
            reader.add(part)
          } catch (error) {
            failed = error as Error
            stream.close(constants.NGHTTP2_CANCEL)
          }
        })
        stream.on('error', (error) => {
          failed ??= lost(over.why ?? (error.cause instanceof Error ? error.cause : error))
        })
        stream.on('close', () => {
          clearTimeout(deadline)
          const status = (trailers ?? head)['grpc-status']
          if (status === undefined) return reject(failed ?? withoutStatus(head, stream.rstCode, over.why))
          const refusal = refusalOf(trailers ?? head, Number(status))
          if (refusal !== undefined) return reject(refusal)
          reader.message(encodingOf(head), options.inflate).then(resolve, reject)
        })
        stream.end(body)
      })
    },
    close: () => session?.close(),
  }
}

const encodingOf = (head: IncomingHttpHeaders) => head['grpc-encoding'] as string | undefined

/** The connection's own words; whoever shows them turns them into Go's. */
function lost(error: Error): GrpcRefusal {
  const code = (error as NodeJS.ErrnoException).code
  const told = code === undefined || error.message.includes(code) ? error.message : `${code}: ${error.message}`
  return new GrpcRefusal(GRPC_STATUS.UNAVAILABLE, tlsWords(error) ?? told)
}

function withoutStatus(head: IncomingHttpHeaders, rstCode: number | undefined, why?: Error): GrpcRefusal {
  const http = head[':status'] === undefined ? undefined : Number(head[':status'])
  if (http !== undefined && http !== 200) {
    const words = `unexpected HTTP status code received from server: ${http}`
    return new GrpcRefusal(BY_HTTP[http] ?? GRPC_STATUS.UNKNOWN, words)
  }
  if (why !== undefined) return lost(why)
  if (rstCode)
    return new GrpcRefusal(GRPC_STATUS.UNAVAILABLE, `stream terminated by RST_STREAM with error code: ${rstCode}`)
  return new GrpcRefusal(GRPC_STATUS.UNAVAILABLE, 'error reading from server: EOF')
}

function refusalOf(trailers: IncomingHttpHeaders, code: number): GrpcRefusal | undefined {
  if (code === GRPC_STATUS.OK) return undefined
  const details = trailers['grpc-status-details-bin'] as string | undefined
  return new GrpcRefusal(
    code,
    decodeMessage(String(trailers['grpc-message'] ?? '')),
    details === undefined ? undefined : retryAfter(Buffer.from(details, 'base64')),
  )
}

/** google.rpc.Status {details 3}, Any {type_url 1, value 2}, RetryInfo {retry_delay 1 {seconds 1, nanos 2}}. */
function retryAfter(status: Uint8Array): number | undefined {
  let found: number | undefined
  const r = new Reader(status)
  /** Calls `field` for each field of the message that comes next. */
  const message = (fields: Record<number, () => void>) =>
    r.message((tag) => (fields[tag] === undefined ? r.skip(tag) : fields[tag]()))
  const delay = () => message({ 8: () => add(Number(r.int64()) * 1000), 16: () => add(Number(r.int64()) / 1e6) })
  const add = (ms: number) => {
    found = (found ?? 0) + ms
  }
  try {
    while (r.more) {
      const tag = r.tag()
      let type = ''
      if (tag !== 0x1a) r.skip(tag)
      else {
        message({
          10: () => {
            type = r.string()
          },
          18: () => (type.endsWith('google.rpc.RetryInfo') ? message({ 10: delay }) : r.skip(0x12)),
        })
      }
    }
  } catch {
    // Details that cannot be read say nothing.
  }
  return found
}
