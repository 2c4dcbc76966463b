import type { Hono } from 'hono'
import { scrapeIntervalOf } from '../backends.ts'
import type { LabAnswer } from './answers.ts'
import type { PageParts } from './parts.ts'

/** A scrape interval that nobody tells is Prometheus's own. */
const SCRAPE_MS = 60_000

export function addLabRoutes(app: Hono, parts: PageParts): void {
  app.get('/api/lab', async (c) => {
    const { engine, root } = parts
    const [{ services }, endpoints, backends] = await Promise.all([
      engine.status(),
      engine.endpoints(),
      parts.backends(),
    ])
    const { tempo, prometheus, loki } = backends
    const answer: LabAnswer = {
      engine: engine.kind,
      root,
      services: services.map(({ name, state, problem }) => ({ name, state, ...(problem ? { problem } : {}) })),
      urls: {
        tempo: tempo.url,
        prometheus: prometheus.url,
        loki: loki.url,
        ...(endpoints.grafana ? { grafana: new URL(endpoints.grafana.url).origin } : {}),
      },
      scrapeMs: (await scrapeIntervalOf(backends.prometheus)) ?? SCRAPE_MS,
      now: parts.now(),
    }
    return c.json(answer)
  })
  app.get('/api/runs', async (c) => c.json(await parts.runs()))
}
