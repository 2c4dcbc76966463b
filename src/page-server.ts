import { Hono } from 'hono'
import { addDiagnosisRoutes } from './page-server/diagnosis.ts'
import { answerFault } from './page-server/faults.ts'
import { addFileRoutes } from './page-server/files.ts'
import { addLabRoutes } from './page-server/lab.ts'
import { addLiveRoutes } from './page-server/live.ts'
import { addLogRoutes } from './page-server/logs.ts'
import { addMetricRoutes } from './page-server/metrics.ts'
import type { PageParts } from './page-server/parts.ts'
import { addTailRoutes } from './page-server/tail.ts'
import { addTopologyRoutes } from './page-server/topology.ts'
import { addTraceRoutes } from './page-server/traces.ts'
import { addWalkRoutes } from './page-server/walk.ts'
import { type HttpServer, serveHttp } from './util/serve-http.ts'

export { keepPageAddress, readPageAddress } from './page-server/address.ts'
export type { LatencyFile } from './page-server/answers.ts'
export { exerciseAnswers } from './page-server/exercises.ts'
export type { PageParts } from './page-server/parts.ts'

/** How many ports after the wanted one are tried. */
const TRIES = 20

/**
 * Serves the page: its files, and what it asks of the lab, read-only. Backends are asked with the engine's headers,
 * which never reach the browser. Throws LabError `port-taken` when only `port` will do, `not-built`.
 */
export async function servePage(parts: PageParts, options: { port: number; orNext: boolean }): Promise<HttpServer> {
  const app = new Hono()
  app.onError(answerFault)
  app.use('/api/*', async (c, next) => {
    await next()
    c.header('cache-control', 'no-store')
    c.header('x-content-type-options', 'nosniff')
    c.header('cross-origin-resource-policy', 'same-origin')
  })
  addLabRoutes(app, parts)
  addLiveRoutes(app, parts)
  addDiagnosisRoutes(app, parts)
  addMetricRoutes(app, parts)
  addTraceRoutes(app, parts)
  addLogRoutes(app, parts)
  addTailRoutes(app, parts)
  addTopologyRoutes(app, parts)
  addWalkRoutes(app, parts)
  app.all('/api/*', (c) => c.json({ error: { message: `there is nothing at ${c.req.path}` } }, 404))
  await addFileRoutes(app, parts.files)
  const { WebSocketServer } = await import('ws')
  const websocket = new WebSocketServer({ noServer: true, maxPayload: 1_000 })
  for (let port = options.port; ; port++) {
    try {
      const hint = `otel-lab page --port ${port + 1}`
      const server = await serveHttp(app, { port, hint, websocket, doors: { hosts: parts.hosts, links: true } })
      const close = () => {
        for (const client of websocket.clients) client.terminate()
        return server.close()
      }
      return { ...server, close }
    } catch (error) {
      if (!options.orNext || port >= options.port + TRIES) throw error
    }
  }
}
