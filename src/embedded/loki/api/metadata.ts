import type { Context, Hono } from 'hono'
import type { Labels, Matcher } from '../logql/source.ts'
import { checkBounds } from './guard.ts'
import { boundsParam, type Params } from './params.ts'
import type { AppParts } from './parts.ts'
import { paramsOf } from './query.ts'

/** /labels, /label/NAME/values and /series: what streams there are. */
export function addMetadataRoutes(app: Hono, parts: AppParts): void {
  const { logql, store, limits, now } = parts
  /** Label sets of the streams that have a line in the time asked for and fit any of `selectors`. */
  function* labelsIn(params: Params, selectors: readonly string[]): Iterable<Labels> {
    const { startNanos, endNanos } = checkBounds(boundsParam(params), limits, params.nowNanos)
    const sets: Matcher[][] = selectors.length === 0 ? [[]] : selectors.map((text) => logql.parseMatchers(text))
    const seen = new Set<Labels>()
    for (const matchers of sets) {
      for (const { labels } of store.matching(matchers, startNanos, endNanos + 1n)) {
        if (seen.has(labels)) continue
        seen.add(labels)
        yield labels
      }
    }
  }
  const ofQuery = ({ query }: Params) => (query === '' ? [] : [query])
  // An empty list is left out, as in Loki.
  const list = (c: Context, values: Set<string>) =>
    c.json({ status: 'success', ...(values.size > 0 ? { data: [...values].sort() } : {}) })

  for (const path of ['/loki/api/v1/labels', '/loki/api/v1/label']) {
    app.on(['GET', 'POST'], path, async (c) => {
      const params = await paramsOf(c, now)
      const names = new Set<string>()
      for (const labels of labelsIn(params, ofQuery(params))) for (const [name] of labels) names.add(name)
      return list(c, names)
    })
  }

  app.on(['GET', 'POST'], '/loki/api/v1/label/:name/values', async (c) => {
    const params = await paramsOf(c, now)
    const wanted = c.req.param('name')
    const values = new Set<string>()
    for (const labels of labelsIn(params, ofQuery(params))) {
      for (const [name, value] of labels) if (name === wanted) values.add(value)
    }
    return list(c, values)
  })

  app.on(['GET', 'POST'], '/loki/api/v1/series', async (c) => {
    const params = await paramsOf(c, now)
    const selectors = [...new Set([...params.form.getAll('match'), ...params.form.getAll('match[]')])].sort()
    const all = selectors.length === 1 && selectors[0]!.replaceAll(' ', '') === '{}'
    const series = [...labelsIn(params, all ? [] : selectors)]
    return c.json({ status: 'success', data: series.map((labels) => Object.fromEntries(labels)) })
  })
}
