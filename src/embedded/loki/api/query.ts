import type { Context, Hono } from 'hono'
import { formOrQuery } from '../../http.ts'
import { groupLines } from '../logql/group-lines.ts'
import { resultData } from './answers.ts'
import { checkpointFor, checkQuery } from './guard.ts'
import {
  directionParam,
  instantParam,
  intervalParam,
  limitParam,
  orderedBounds,
  type Params,
  refuse,
  stepParam,
} from './params.ts'
import type { AppParts } from './parts.ts'
import { checkLengths, onSteps } from './splits.ts'

export async function paramsOf(c: Context, now: () => number): Promise<Params> {
  const form = await formOrQuery(c)
  // The end is exclusive: a line of this very millisecond is to be seen.
  return { form, query: form.get('query') ?? '', nowNanos: BigInt(now() + 1) * 1_000_000n }
}

/** Grafana asks so for labels told apart by where they are from. */
export const wantsCategories = (flags: string | undefined) =>
  (flags ?? '').split(',').some((flag) => flag.trim() === 'categorize-labels')

/** /loki/api/v1/query and /query_range, by GET and POST. */
export function addQueryRoutes(app: Hono, parts: AppParts): void {
  const { logql, store, limits, now } = parts
  const answer = (c: Context, result: Awaited<ReturnType<typeof logql.range>>, started: number) => {
    const seconds = (performance.now() - started) / 1000
    const categorized = wantsCategories(c.req.header('x-loki-response-encoding-flags'))
    const warnings = 'warnings' in result && result.warnings.length > 0 ? { warnings: result.warnings } : {}
    return c.json({ status: 'success', ...warnings, data: resultData(result, groupLines, categorized, seconds) })
  }
  const common = (c: Context) => ({
    source: store,
    maxSeries: limits.maxQuerySeries,
    checkpoint: checkpointFor(c.req.raw.signal, limits),
  })

  app.on(['GET', 'POST'], '/loki/api/v1/query_range', async (c) => {
    const started = performance.now()
    const params = await paramsOf(c, now)
    const bounds = orderedBounds(params)
    const limit = limitParam(params)
    const direction = directionParam(params)
    const stepNanos = stepParam(params, bounds)
    const intervalNanos = intervalParam(params)
    const query = logql.parse(params.query)
    const checked = checkQuery(query, bounds, limit, limits, params.nowNanos)
    const moved = query.kind === 'metric' && limits.splitQueriesBy > 0
    const { startNanos, endNanos } = moved ? onSteps(checked, stepNanos) : checked
    checkLengths(query, { startNanos, endNanos }, stepNanos, limits)
    const request = { query, limit, direction, startNanos, endNanos, stepNanos, intervalNanos }
    return answer(c, await logql.range({ ...common(c), ...request }), started)
  })

  app.on(['GET', 'POST'], '/loki/api/v1/query', async (c) => {
    const started = performance.now()
    const params = await paramsOf(c, now)
    const limit = limitParam(params)
    const nanos = instantParam(params)
    const direction = directionParam(params)
    if (logql.kindOf(params.query) === 'logs') {
      refuse('log queries are not supported as an instant query type, please change your query to a range query type')
    }
    const query = logql.parse(params.query)
    const bounds = { startNanos: nanos, endNanos: nanos }
    checkQuery(query, bounds, limit, limits, params.nowNanos)
    checkLengths(query, bounds, 0n, limits)
    return answer(c, await logql.instant({ ...common(c), query, limit, direction, nanos }), started)
  })
}
