import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import type { Hono } from 'hono'
import { LabError } from '../errors.ts'
import { answerStranger, type Caller } from '../util/door.ts'

export interface PageServer {
  port: number
  close(): Promise<void>
}

/** Queries come in the head of a GET. */
const MAX_HEAD_BYTES = 1 << 20

/** Serves on 127.0.0.1 and lets nobody in whom `util/door.ts` refuses. Throws LabError `port-taken`. */
export function listen(app: Hono, options: { port: number; hosts: readonly string[] }): Promise<PageServer> {
  const rules = { hosts: options.hosts, links: true }
  const server = createAdaptorServer({
    fetch: (request, env) => {
      const { method = 'GET', headers } = (env as HttpBindings).incoming
      return answerStranger(method, headers as Caller, rules) ?? app.fetch(request, env)
    },
    serverOptions: { maxHeaderSize: MAX_HEAD_BYTES },
  })
  const sockets = 'closeAllConnections' in server ? server : undefined
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EADDRINUSE') return reject(error)
      reject(
        new LabError('port-taken', `port ${options.port} on 127.0.0.1 is taken by another process`, {
          hint: `otel-lab page --port ${options.port + 1}`,
          cause: error,
        }),
      )
    })
    server.listen(options.port, '127.0.0.1', () => {
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () =>
          new Promise((done) => {
            server.close(() => done())
            sockets?.closeAllConnections()
          }),
      })
    })
  })
}
