import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { TlsOptions } from 'node:tls'
import { createAdaptorServer, type HttpBindings, type WebSocketServerLike } from '@hono/node-server'
import type { Hono } from 'hono'
import type { WebSocketServer } from 'ws'
import { LabError } from '../errors.ts'
import { answerStranger, type Caller, type DoorRules } from './door.ts'

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

export interface ServeOptions {
  port: number
  doors: DoorRules
  /** The next command where another process holds the port. */
  hint: string
  websocket?: WebSocketServer
  tls?: TlsOptions
  /** Stands before the server and hands it the connections that are its own. */
  front?: (http: (socket: Socket) => void) => Server
}

/**
 * Serves `app` on 127.0.0.1. Throws LabError `port-taken` when another process holds the port.
 * Routes made with `upgradeWebSocket` need a `websocket` server that listens to nothing itself (`noServer`).
 * Whoever `doors` does not let in gets 403 before `app` sees anything of it, upgrades included.
 */
export function serveHttp(app: Hono, options: ServeOptions): Promise<HttpServer> {
  const { websocket, doors, tls, front } = options
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
  const listener = front ? front((socket) => void server.emit('connection', socket)) : server
  return new Promise((resolve, reject) => {
    listener.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error)
      const { port, hint } = options
      reject(
        new LabError('port-taken', `port ${port} on 127.0.0.1 is taken by another process`, {
          facts: { port },
          hint,
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
