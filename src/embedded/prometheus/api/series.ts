import type { Hono } from 'hono'
import { formOrQuery } from '../../http.ts'
import { compareLabels, labelPairs, labelsObject, labelValue } from '../../series/labels.ts'
import type { MemorySeries } from '../store/series.ts'
import type { Store } from '../store.ts'
import { ApiError, success } from './answers.ts'
import { limitParameter, matchParameter, timeRange, truncated } from './parameters.ts'

/** /series, /labels, /label/NAME/values. */
export function addSeriesRoutes(api: Hono, store: Store): void {
  /** Series of any selector (of all, without one) that have samples in the range. */
  function selected(params: URLSearchParams): MemorySeries[] {
    const { start, end } = timeRange(params)
    const selectors = matchParameter(params)
    const found = new Set<MemorySeries>()
    for (const matchers of selectors.length > 0 ? selectors : [[]]) {
      for (const series of store.head.select(matchers)) {
        const { last, minTime } = series
        if (last !== undefined && last.time >= start && minTime! <= end) found.add(series)
      }
    }
    return [...found]
  }

  api.on(['GET', 'POST'], '/series', async (c) => {
    const params = await formOrQuery(c)
    if (params.getAll('match[]').length === 0) throw new ApiError('bad_data', 'no match[] parameter provided')
    const limit = limitParameter(params)
    const all = selected(params).sort((a, b) => compareLabels(a.labels, b.labels))
    const { list, warnings } = truncated(all, limit)
    return success(
      c,
      list.map((series) => labelsObject(series.labels)),
      { warnings },
    )
  })

  api.on(['GET', 'POST'], '/labels', async (c) => {
    const params = await formOrQuery(c)
    const names = new Set<string>()
    for (const series of selected(params)) for (const [name] of labelPairs(series.labels)) names.add(name)
    const { list, warnings } = truncated([...names].sort(), limitParameter(params))
    return success(c, list, { warnings })
  })

  api.get('/label/:name/values', async (c) => {
    const params = await formOrQuery(c)
    const name = unescapedName(c.req.param('name'))
    if (name === '') throw new ApiError('bad_data', 'invalid label name: ""')
    const values = new Set<string>()
    for (const series of selected(params)) values.add(labelValue(series.labels, name))
    values.delete('')
    const { list, warnings } = truncated([...values].sort(), limitParameter(params))
    return success(c, list, { warnings })
  })
}

/** `U__http_2e_status` is how a URL writes the label `http.status`. */
function unescapedName(name: string): string {
  if (!name.startsWith('U__')) return name
  return name
    .slice(3)
    .replaceAll(/__|_([0-9a-fA-F]{1,6})_/g, (_, hex?: string) =>
      hex ? String.fromCodePoint(Number.parseInt(hex, 16)) : '_',
    )
}
