import type { Context, Hono } from 'hono'
import { QueryError } from '../../../errors.ts'
import { formOrQuery } from '../../http.ts'
import { metricsPage } from './metrics.ts'
import type { AppParts } from './parts.ts'
import { VERSION } from './version.ts'

const SERVICES = ['server', 'store', 'ingester', 'distributor', 'querier', 'query-frontend']

/** What is not about log lines: readiness, versions, the config, and what is refused by name. */
export function addStatusRoutes(app: Hono, parts: AppParts): void {
  app.get('/ready', (c) => {
    const { ready, why } = parts.ready()
    return ready ? c.text('ready\n') : c.text(`Ingester not ready: ${why}\n`, 503)
  })
  app.get('/services', (c) => c.text(SERVICES.map((name) => `${name} => Running\n`).join('')))
  app.get('/config', (c) => c.text(parts.configText))
  app.get('/metrics', (c) => c.text(metricsPage(parts), 200, { 'content-type': 'text/plain; version=0.0.4' }))
  app.get('/loki/api/v1/status/buildinfo', (c) =>
    c.json({
      version: VERSION,
      revision: 'otel-lab',
      branch: 'embedded',
      buildUser: '',
      buildDate: '',
      goVersion: '',
    }),
  )
  app.on(['GET', 'POST'], '/loki/api/v1/format_query', async (c) => {
    try {
      const query = (await formOrQuery(c)).get('query') ?? ''
      return c.json({ status: 'success', data: parts.logql.format(query) })
    } catch (error) {
      if (!(error instanceof QueryError)) throw error
      return c.json({ status: 'invalid-query', error: error.message }, 400)
    }
  })
  app.on(['GET', 'POST'], '/flush', async (c) => {
    await parts.store.flush()
    return c.body(null, 204)
  })
  // Of one process; each ring has this one member.
  const ring = (c: Context) => {
    const now = new Date().toISOString()
    const member = { id: 'embedded', state: 'ACTIVE', address: '127.0.0.1', timestamp: now, zone: '', tokens: [] }
    return c.json({ shards: [member], now })
  }
  for (const path of ['/ring', '/distributor/ring', '/indexgateway/ring', '/scheduler/ring']) app.get(path, ring)
  // As the real Loki without a pattern ingester, which is off unless a config switches it on.
  const patterns = 'no patterns are mined here: they need a pattern ingester, which the embedded Loki does not have\n'
  app.on(['GET', 'POST'], '/loki/api/v1/patterns', (c) => c.text(patterns, 404))
  app.get('/loki/api/v1/drilldown-limits', (c) =>
    c.json({
      limits: { volume_enabled: parts.limits.volumeEnabled },
      pattern_ingester_enabled: false,
      version: VERSION,
    }),
  )
  app.on(['GET', 'POST', 'PUT', 'DELETE'], '/loki/api/v1/delete', (c) =>
    c.text('log deletion is not supported by the embedded Loki; delete the lab to begin anew: otel-lab down\n', 501),
  )
  app.all('/loki/api/v1/rules/*', (c) => c.text('the embedded Loki evaluates no rules\n', 501))
  app.get('/loki/api/v1/rules', (c) => c.text('the embedded Loki evaluates no rules\n', 501))
}
