import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TlsOptions } from 'node:tls'
import { createAdaptorServer, type HttpBindings, type WebSocketServerLike } from '@hono/node-server'
import type { Context, Hono } from 'hono'
import type { WebSocketServer } from 'ws'
import { LabError } from '../errors.ts'
import { answerStranger, type Caller, type DoorRules } from '../util/door.ts'
import { type Encoding, type Inflate, InflateError } from './compression.ts'
import { byFirstBytes } from './http-and-grpc.ts'

/** The default of Loki's http_server_idle_timeout and its siblings'. */
const KEEP_ALIVE_MS = 120_000

/** Go's default: queries come in the head of a GET, and Node's 16 KiB are little for some. */
const MAX_HEAD_BYTES = 1 << 20

export interface HttpServer {
  /** The port that is really bound, also when 0 was asked for. */
  port: number
  /** Ends open, keep-alive and streaming connections too. Resolves when the port is free. */
  close(): Promise<void>
}

/** A request that is answered with a status and a sentence, rather than a stack trace. */
export class HttpRefusal extends Error {
  readonly status: 400 | 404 | 405 | 411 | 413 | 415 | 422 | 429 | 499 | 500 | 501 | 503 | 504
  constructor(status: HttpRefusal['status'], message: string) {
    super(message)
    this.name = 'HttpRefusal'
    this.status = status
  }
}

/**
 * Serves `app` on 127.0.0.1. Throws LabError `port-taken` when another process holds the port.
 * Routes made with `upgradeWebSocket` need a `websocket` server that listens to nothing itself (`noServer`).
 * Whoever `doors` does not let in gets 403 before `app` sees anything of it, upgrades included.
 */
export function serveHttp(
  app: Hono,
  options: {
    port: number
    doors: DoorRules
    websocket?: WebSocketServer
    tls?: TlsOptions
    /** Takes the connections that speak gRPC on the same port. */
    grpc?: { accept(socket: Socket): void; close(): Promise<void> }
  },
): Promise<HttpServer> {
  const { websocket, doors, tls, grpc } = options
  // Their types differ only in how an absent option is written.
  const upgrades = websocket ? { websocket: { server: websocket as WebSocketServerLike } } : {}
  const server = createAdaptorServer({
    fetch: (request, env) => {
      const { method = 'GET', headers } = (env as HttpBindings).incoming
      return answerStranger(method, headers as Caller, doors) ?? app.fetch(request, env)
    },
    ...(tls
      ? { createServer: createSecureServer, serverOptions: { ...tls, maxHeaderSize: MAX_HEAD_BYTES } }
      : { serverOptions: { maxHeaderSize: MAX_HEAD_BYTES } }),
    ...upgrades,
  })
  if ('keepAliveTimeout' in server) server.on('clientError', answerClientError)
  // Node's five seconds are shorter than many a sender's pause, and a request on a socket that closes is lost.
  if ('keepAliveTimeout' in server) server.keepAliveTimeout = KEEP_ALIVE_MS
  const sockets = 'closeAllConnections' in server ? server : undefined
  const listener = grpc ? byFirstBytes((socket) => void server.emit('connection', socket), grpc.accept) : server
  return new Promise((resolve, reject) => {
    listener.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error)
      reject(
        new LabError('port-taken', `port ${options.port} on 127.0.0.1 is taken by another process`, {
          facts: { port: options.port },
          hint: `See who holds it with: otel-lab doctor\nOr move the whole lab with: otel-lab up --port-offset 1000`,
          cause: error,
        }),
      )
    })
    listener.listen(options.port, '127.0.0.1', () => {
      // Node keeps count of connections, and of their time, from then on.
      if (listener !== server) server.emit('listening')
      resolve({
        port: (listener.address() as AddressInfo).port,
        close: () =>
          new Promise((done) => {
            listener.close(() => done())
            if (listener !== server) server.close()
            void grpc?.close()
            sockets?.closeAllConnections()
          }),
      })
    })
  })
}

/** What is no HTTP, or too much of it; Node's own answer has no text. */
function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n${status}\n`)
}

/** Answers HttpRefusals of `app`'s handlers as plain text, and anything else thrown as 500 with its message. */
export function answerRefusalsAsText(app: Hono): void {
  app.onError((error, c) => {
    if (error instanceof HttpRefusal) return c.text(error.message, error.status as 400)
    return c.text(error.message, 500)
  })
}

export interface BodyLimits {
  /** As sent, compressed or not. */
  limitBytes: number
  maxInflatedBytes: number
  inflate: Inflate
  /** What is undone; '' is a body as it is. Default: that, gzip and deflate. */
  encodings?: readonly (Encoding | '')[]
  /** Encodings that the caller undoes itself. */
  asIs?: readonly string[]
}

const USUAL = ['', 'gzip', 'deflate'] as const

/**
 * The whole body, with its `Content-Encoding` undone.
 * Throws HttpRefusal 413 past a limit, 415 on another encoding, 400 on damaged data.
 */
export async function readBody(request: Request, limits: BodyLimits): Promise<Uint8Array> {
  return inflateBody(await readRaw(request, limits.limitBytes), request, limits)
}

/** The second half of `readBody`, for who would rather not inflate many bodies at a time: see `asIs`. */
export async function inflateBody(raw: Uint8Array, request: Request, limits: BodyLimits): Promise<Uint8Array> {
  const written = (request.headers.get('content-encoding') ?? '').trim().toLowerCase()
  const encodings = limits.encodings ?? USUAL
  const encoding = written === 'identity' && encodings === USUAL ? '' : (written as Encoding | '')
  if (limits.asIs?.includes(encoding)) return raw
  if (!encodings.includes(encoding)) throw new HttpRefusal(415, `unsupported Content-Encoding: ${encoding}`)
  if (encoding === '') return raw
  try {
    return await limits.inflate(encoding, raw, limits.maxInflatedBytes)
  } catch (error) {
    if (!(error instanceof InflateError)) throw error
    throw new HttpRefusal(error.tooLarge ? 413 : 400, error.message)
  }
}

/** The body as it was sent. Throws HttpRefusal 413. */
export async function readRaw(request: Request, limitBytes: number): Promise<Uint8Array> {
  const tooLarge = () => new HttpRefusal(413, `the body is larger than ${limitBytes} bytes`)
  const announced = request.headers.get('content-length')
  if (announced !== null) {
    if (Number(announced) > limitBytes) throw tooLarge()
    // Node's parser holds the sender to the length it announced, so this is bounded.
    return new Uint8Array(await request.arrayBuffer())
  }
  const chunks: Uint8Array[] = []
  let size = 0
  if (request.body === null) return new Uint8Array(0)
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length
    if (size > limitBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks, size))
}

const MAX_FORM_BYTES = 10 << 20

/** The query's parameters and, for a POST form, the body's too; the body's values come first, as in Go's Request.Form. */
export async function formOrQuery(c: Context): Promise<URLSearchParams> {
  const query = new URL(c.req.url).searchParams
  const type = c.req.header('content-type') ?? ''
  if (c.req.method !== 'POST' || !type.startsWith('application/x-www-form-urlencoded')) return query
  // Nobody compresses a form, and Go's ParseForm would not notice.
  const form = new URLSearchParams(new TextDecoder().decode(await readRaw(c.req.raw, MAX_FORM_BYTES)))
  for (const [key, value] of query) form.append(key, value)
  return form
}
