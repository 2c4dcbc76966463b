import { Hono } from 'hono'
import type { ScrapeManager } from '../scrape/manager.ts'
import type { Store } from '../store.ts'
import { failure } from './answers.ts'
import { addFederation } from './federate.ts'
import { ownMetrics } from './own-metrics.ts'
import { addQueryRoutes } from './query.ts'
import type { QueryEngine } from './query-engine.ts'
import { addSeriesRoutes } from './series.ts'
import { addStatusRoutes, type Running } from './status.ts'
import { addTargetRoutes } from './targets.ts'
import { addWriteRoutes } from './write.ts'

export interface ApiParts {
  store: Store
  scrapes: ScrapeManager
  engine: QueryEngine
  running: Running
  /** Applies the config file as it is now; throws LabError and keeps the old one when it is refused. */
  reload(): Promise<void>
  now(): number
}

/** Everything that the real server answers on 9090, as far as the lab has it. */
export function prometheusApp({ store, scrapes, engine, running, reload, now }: ApiParts): Hono {
  const app = new Hono()
  app.get('/-/ready', (c) => c.text('Prometheus Server is Ready.\n'))
  app.get('/-/healthy', (c) => c.text('Prometheus Server is Healthy.\n'))
  app.on(['POST', 'PUT'], '/-/reload', async (c) => {
    try {
      await reload()
      return c.text('')
    } catch (error) {
      return c.text(`failed to reload config: ${(error as Error).message}\n`, 500)
    }
  })
  app.get('/-/reload', (c) => c.text('This endpoint requires a POST request.\n', 405))
  app.get('/metrics', (c) => {
    c.header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
    return c.body(ownMetrics(store, scrapes, running.version, running.startedAt))
  })
  app.get('/', (c) =>
    c.text(
      'The Prometheus of otel-lab. Its query API is at /api/v1, its targets at /api/v1/targets, its own metrics at /metrics.\n',
    ),
  )

  addFederation(app, store, () => running.config().externalLabels, now)

  const api = new Hono()
  addQueryRoutes(api, engine, store, now)
  addSeriesRoutes(api, store)
  addTargetRoutes(api, scrapes)
  addStatusRoutes(api, store, running)
  addWriteRoutes(api, store, now)
  api.onError((error, c) => failure(c, error))
  app.route('/api/v1', api)
  app.notFound((c) => c.text('404 page not found\n', 404))
  app.onError((error, c) => failure(c, error))
  return app
}
