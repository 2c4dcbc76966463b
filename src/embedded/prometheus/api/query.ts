import type { Context, Hono } from 'hono'
import { QueryError } from '../../../errors.ts'
import { formOrQuery } from '../../http.ts'
import { compareLabels, labelsObject, labelValue } from '../../series/labels.ts'
import { selectorsIn } from '../promql/ast.ts'
import type { Answer, RunOptions } from '../promql/engine.ts'
import { parseExpr } from '../promql/parse.ts'
import { prettify } from '../promql/pretty.ts'
import type { Matcher } from '../store/head.ts'
import type { Store } from '../store.ts'
import { ApiError, badParameter, located, success } from './answers.ts'
import { features } from './features.ts'
import { durationParameter, limitParameter, requiredTime, timeParameter, timeRange } from './parameters.ts'
import type { QueryEngine } from './query-engine.ts'
import { translated } from './translate.ts'
import { formatValue, queryDataJson } from './values.ts'

const LOOKBACK_MS = 300_000
const TIMEOUT_MS = 120_000
const MAX_POINTS = 11_000

/** /query, /query_range, /query_exemplars, /format_query, /parse_query, /features. */
export function addQueryRoutes(api: Hono, engine: QueryEngine, store: Store, now: () => number): void {
  const options = (params: URLSearchParams): RunOptions => ({
    lookbackMs: durationParameter(params, 'lookback_delta', LOOKBACK_MS),
    deadline: now() + Math.min(durationParameter(params, 'timeout', TIMEOUT_MS), TIMEOUT_MS),
  })

  api.on(['GET', 'POST'], '/query', async (c) => {
    const params = await formOrQuery(c)
    const limit = limitParameter(params)
    const time = timeParameter(params, 'time', now())
    return answer(c, await engine.instant(params.get('query') ?? '', time, options(params)), limit)
  })

  api.on(['GET', 'POST'], '/query_range', async (c) => {
    const params = await formOrQuery(c)
    const limit = limitParameter(params)
    const start = requiredTime(params, 'start')
    const end = requiredTime(params, 'end')
    if (end < start) throw badParameter('end', 'end timestamp must not be before start time')
    const step = durationParameter(params, 'step')
    if (step <= 0) {
      throw badParameter(
        'step',
        'zero or negative query resolution step widths are not accepted. Try a positive integer',
      )
    }
    if ((end - start) / step > MAX_POINTS) {
      const why =
        'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)'
      throw new ApiError('bad_data', why)
    }
    return answer(c, await engine.range(params.get('query') ?? '', { start, end, step }, options(params)), limit)
  })

  api.on(['GET', 'POST'], '/format_query', async (c) => {
    return success(c, prettify(parseExpr((await formOrQuery(c)).get('query') ?? '')))
  })

  api.on(['GET', 'POST'], '/parse_query', async (c) => {
    return success(c, translated(parseExpr((await formOrQuery(c)).get('query') ?? '')))
  })
  api.get('/features', (c) => success(c, features()))

  api.on(['GET', 'POST'], '/query_exemplars', async (c) => {
    const params = await formOrQuery(c)
    const { start, end } = timeRange(params)
    if (end < start) throw new ApiError('bad_data', 'end timestamp must not be before start timestamp')
    const selectors = selectorsOf(params.get('query') ?? '')
    const found = store.exemplars.select(
      (labels) => selectors.some((list) => list.every((m) => m.matches(labelValue(labels, m.name)))),
      start,
      end,
    )
    const data = [...found.values()]
      .sort(([a], [b]) => compareLabels(a!.series, b!.series))
      .map((list) => ({
        seriesLabels: labelsObject(list[0]!.series),
        exemplars: list.map((e) => ({
          labels: labelsObject(e.labels),
          value: formatValue(e.value),
          timestamp: e.time / 1000,
        })),
      }))
    return success(c, data)
  })
}

/** What an answer may hold: as JSON a point takes far more memory than in the evaluation. */
const MAX_ANSWER_POINTS = 2_000_000

function answer(c: Context, { data, warnings, infos }: Answer, limit: number): Response {
  if (data.resultType === 'matrix') {
    const shown = limit === 0 ? data.result : data.result.slice(0, limit)
    if (shown.reduce((sum, { times }) => sum + times.length, 0) > MAX_ANSWER_POINTS) {
      throw new ApiError(
        'execution',
        `query processing would load too many samples into memory in query execution: the answer has more than ${MAX_ANSWER_POINTS} points; aggregate, narrow the selector or take a larger step`,
      )
    }
  }
  if (limit === 0 || !('result' in data) || data.result.length <= limit) {
    return success(c, queryDataJson(data), { warnings, infos })
  }
  const cut = { ...data, result: data.result.slice(0, limit) } as typeof data
  return success(c, queryDataJson(cut), { warnings: [...warnings, 'results truncated due to limit'], infos })
}

/** The real one names no parameter here. */
function selectorsOf(query: string): Matcher[][] {
  try {
    return selectorsIn(parseExpr(query)).map((selector) => selector.matchers)
  } catch (error) {
    throw error instanceof QueryError ? new ApiError('bad_data', located(error)) : error
  }
}
