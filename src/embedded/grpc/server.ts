import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import type { TlsOptions } from 'node:tls'
import type { Inflate } from '../compression.ts'
import { GRPC_ENCODINGS, MessageReader, prefixed } from './message.ts'
import { encodeMessage, GRPC_STATUS, GrpcRefusal } from './status.ts'

/** The other end of a connection. */
export interface Peer {
  address: string
  port: number
  /** Ours. */
  localPort: number
  /** The same for all calls of a connection. */
  connection: object
}

export interface GrpcCall {
  message: Uint8Array
  metadata: Record<string, string>
  peer: Peer
}

/** A unary method: bytes in, bytes out. */
export type GrpcMethod = (call: GrpcCall) => Promise<Uint8Array>

export interface GrpcServerOptions {
  port: number
  maxMessageBytes: number
  inflate: Inflate
  /** By path: `/package.Service/Method`. */
  methods: ReadonlyMap<string, GrpcMethod>
  /** What a method throws, as a status. */
  asRefusal(error: unknown): GrpcRefusal
  tls?: TlsOptions
}

/** As Go's grpc: a stream's window, so that a large message is not sent in 64 KiB steps. */
const WINDOW_BYTES = 1 << 20
/** Node would refuse streams past 10 MB a connection; messages are bounded one by one. */
const SESSION_MEGABYTES = 1024
const CLOSE_MS = 500

/** A gRPC server that listens to nothing itself: `accept` takes connections that speak HTTP/2. */
export function createGrpcServer(options: Omit<GrpcServerOptions, 'port'>): {
  server: Http2Server | Http2SecureServer
  accept(socket: Socket): void
  close(): Promise<void>
} {
  const settings = { settings: { initialWindowSize: WINDOW_BYTES }, maxSessionMemory: SESSION_MEGABYTES }
  const server: Http2Server | Http2SecureServer = options.tls
    ? createSecureServer({ ...settings, ...options.tls, allowHTTP1: false })
    : createServer(settings)
  const sessions = new Set<ServerHttp2Session>()
  server.on('session', (session: ServerHttp2Session) => {
    sessions.add(session)
    session.setLocalWindowSize(WINDOW_BYTES)
    // A peer that speaks something else, or hangs up.
    session.on('error', () => session.destroy())
    session.on('close', () => sessions.delete(session))
  })
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    stream.on('error', () => {})
    void answer(stream, headers, options)
  })
  return {
    server,
    accept: (socket) => void server.emit('connection', socket),
    close: () =>
      new Promise<void>((resolve) => {
        const destroy = () => {
          for (const session of sessions) session.destroy()
        }
        const force = setTimeout(destroy, CLOSE_MS)
        const done = () => {
          clearTimeout(force)
          resolve()
        }
        if (server.listening) server.close(done)
        for (const session of sessions) session.close()
        if (server.listening) return
        destroy()
        done()
      }),
  }
}

/** A gRPC server on 127.0.0.1 over HTTP/2. Rejects with what listening says. */
export async function serveGrpc(options: GrpcServerOptions): Promise<{ port: number; close(): Promise<void> }> {
  const { server, close } = createGrpcServer(options)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', () => {
      server.off('error', reject)
      server.on('error', () => {})
      resolve()
    })
  })
  return { port: (server.address() as AddressInfo).port, close }
}

async function answer(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  options: Omit<GrpcServerOptions, 'port'>,
): Promise<void> {
  if (!(headers['content-type'] ?? '').startsWith('application/grpc')) {
    stream.respond({ ':status': 415 }, { endStream: true })
    return
  }
  try {
    const method = methodOf(headers[':path'] ?? '', options.methods)
    const encoding = one(headers['grpc-encoding'])
    if (encoding !== undefined && encoding !== 'identity' && !GRPC_ENCODINGS.has(encoding)) {
      const words = `grpc: Decompressor is not installed for grpc-encoding ${JSON.stringify(encoding)}`
      throw new GrpcRefusal(GRPC_STATUS.UNIMPLEMENTED, words)
    }
    const reader = new MessageReader(options.maxMessageBytes)
    // A refusal is answered on the stream that is read from.
    for await (const part of stream.iterator({ destroyOnReturn: false })) reader.add(part as Uint8Array)
    const message = await reader.message(encoding, options.inflate)
    const { remoteAddress = '', remotePort = 0, localPort = 0 } = stream.session?.socket ?? {}
    const peer = { address: remoteAddress, port: remotePort, localPort, connection: stream.session ?? stream }
    const result = await method({ message, metadata: metadataOf(headers), peer })
    if (stream.destroyed) return
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-accept-encoding': [...GRPC_ENCODINGS.keys()].join() },
      { waitForTrailers: true },
    )
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'grpc-message': '' }))
    stream.end(prefixed(result, false))
  } catch (error) {
    if (stream.destroyed || stream.headersSent) return
    const { code, details } = error instanceof GrpcRefusal ? error : options.asRefusal(error)
    stream.respond(
      {
        ':status': 200,
        'content-type': 'application/grpc',
        'grpc-status': String(code),
        'grpc-message': encodeMessage(details),
      },
      { endStream: true },
    )
    // What is left of the request would hold the connection's window.
    stream.resume()
  }
}

function methodOf(path: string, methods: GrpcServerOptions['methods']): GrpcMethod {
  const method = methods.get(path)
  if (method !== undefined) return method
  const [service = '', name = ''] = path.slice(1).split('/')
  const known = [...methods.keys()].some((one) => one.startsWith(`/${service}/`))
  const words = known ? `unknown method ${name} for service ${service}` : `unknown service ${service}`
  throw new GrpcRefusal(GRPC_STATUS.UNIMPLEMENTED, words)
}

const one = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value)

function metadataOf(headers: IncomingHttpHeaders): Record<string, string> {
  const kept = Object.entries(headers).filter(
    ([key]) => !key.startsWith(':') && !key.startsWith('grpc-') && key !== 'te',
  )
  return Object.fromEntries(kept.map(([key, value]) => [key, String(value)]))
}
