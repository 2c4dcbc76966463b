import type { Hono } from 'hono'
import { meantOfPrometheus, withMeant } from '../diagnosis/meant.ts'
import { whyNoSeries } from '../diagnosis/why-empty.ts'
import type { Exemplar, Metric, SeriesAnswer } from './answers.ts'
import { numberParam, queryParam, wantsAdvice, windowParam } from './params.ts'
import type { PageParts } from './parts.ts'

/** Prometheus refuses more points a series. */
const MAX_POINTS = 11_000

/** What JSON cannot say, counted. */
function oddOf(values: readonly number[]): { odd?: Record<string, number> } {
  const odd: Record<string, number> = {}
  for (const value of values) {
    if (Number.isFinite(value)) continue
    const name = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
    odd[name] = (odd[name] ?? 0) + 1
  }
  return Object.keys(odd).length > 0 ? { odd } : {}
}

export function addMetricRoutes(app: Hono, { backends }: PageParts): void {
  app.get('/api/metrics/range', async (c) => {
    const [query, window, { prometheus }] = [queryParam(c), windowParam(c), await backends()]
    const least = Math.max(1, Math.ceil((window.end - window.start) / (MAX_POINTS - 1)))
    const step = numberParam(c, 'step', { least, or: Math.max(least, 1000) })
    const { signal } = c.req.raw
    const found = await withMeant(
      () => prometheus.queryRange(query, window, step, { signal }),
      (refused) => meantOfPrometheus(prometheus, query, { window, signal }, refused),
      'prometheus',
    )
    const series = found.map(({ labels, samples }) => ({
      labels,
      times: samples.map(({ time }) => time),
      values: samples.map(({ value }) => value),
      ...oddOf(samples.map(({ value }) => value)),
    }))
    const asked = { window, signal: c.req.raw.signal, ranged: true }
    const advice = wantsAdvice(c) && series.length === 0 ? { advice: await whyNoSeries(prometheus, query, asked) } : {}
    return c.json({ series, ...advice } satisfies SeriesAnswer)
  })

  app.get('/api/metrics/exemplars', async (c) => {
    const [query, window, { prometheus }] = [queryParam(c), windowParam(c), await backends()]
    const found = await prometheus.exemplars(query, window, { signal: c.req.raw.signal })
    const all: Exemplar[] = found.flatMap(({ series, exemplars }) => exemplars.map((one) => ({ series, ...one })))
    return c.json(all)
  })

  /** Which metrics there are; of series that match `query`, where it is given. */
  app.get('/api/metrics/names', async (c) => {
    const { prometheus } = await backends()
    const call = { signal: c.req.raw.signal }
    const names = c.req.query('query')
      ? new Set((await prometheus.series([queryParam(c)], windowParam(c), call)).map((labels) => labels.__name__ ?? ''))
      : new Set(await prometheus.labelValues('__name__', call))
    const metadata = await prometheus.metadata(call).catch(() => ({}) as never)
    const metrics: Metric[] = [...names].sort().map((name) => {
      // A histogram's and a summary's series have names of their own; exporters leave _total in or out.
      const known = [name, name.replace(/_(bucket|sum|count|total)$/, '')].map((key) => metadata[key]?.[0])
      const { type = '', help = '', unit = '' } = known.find(Boolean) ?? {}
      return { name, type, help, unit }
    })
    return c.json(metrics)
  })

  app.get('/api/metrics/labels', async (c) => c.json(await (await backends()).prometheus.labels()))
  app.get('/api/metrics/labels/:name', async (c) => {
    return c.json((await (await backends()).prometheus.labelValues(c.req.param('name'))).slice(0, 1000))
  })
}
