import { QueryError } from '../../../errors.ts'
import type { Expression, LogExpression, MetricExpression } from './ast.ts'
import type { Context } from './evaluate/context.ts'
import { refuse } from './evaluate/context.ts'
import { evaluateLogs } from './evaluate/logs.ts'
import { type Series, type Steps, stepAt } from './evaluate/matrix.ts'
import { evaluateMetric } from './evaluate/metric.ts'
import type { InstantRequest, Logql, Query, RangeRequest } from './logql.ts'
import { createParser } from './parse.ts'
import { compileStages } from './pipeline/compile.ts'
import { compilePipeline } from './pipeline/pipeline.ts'
import { prettyExpression } from './pretty.ts'
import { RegexpTooSlow } from './regexp.ts'
import type { Result, ResultSeries } from './results.ts'
import type { Labels } from './source.ts'

const DEFAULT_LIMIT = 100
const DEFAULT_MAX_SERIES = 500
const HOUR_NANOS = 3_600_000_000_000n
/** What a query may hold at once: samples before, and cells (series times steps) after its windows. */
const MAX_SAMPLES = 20_000_000
const MAX_CELLS = 50_000_000

/** @param now the clock, in nanoseconds since the epoch; the templates of `line_format` may ask for it */
export function createLogql(now: () => bigint): Logql {
  const parseExpression = createParser()
  const parse = (text: string): Query => {
    const expression = parseExpression(text)
    const selectors = selectorsOf(expression)
    // Templates, patterns and addresses are looked at here, so that a wrong one is refused at once.
    for (const { stages } of selectors) compileStages(stages, { query: text, now })
    return { text, kind: expression.node === 'logs' ? 'logs' : 'metric', expression, selectors }
  }
  return {
    parse,
    kindOf: (text) => (parseExpression(text).node === 'logs' ? 'logs' : 'metric'),
    parseMatchers(selector) {
      const expression = parseExpression(selector)
      if (expression.node === 'logs' && expression.stages.length === 0) return expression.matchers
      throw new QueryError('only label matchers are supported', selector, 0, selector.length)
    },
    format: (query) => prettyExpression(parseExpression(query)),
    instant: (request) => refusingSlow(request.query.text, instant(request, now)),
    range: (request) => refusingSlow(request.query.text, range(request, now)),
    pipeline({ text, expression }) {
      if (expression.node !== 'logs') throw new QueryError('only log selector is supported', text, 0, text.length)
      const pipeline = compilePipeline(expression, { query: text, now })
      return {
        ...pipeline,
        forStream(labels) {
          const run = pipeline.forStream(labels)
          return (entry) => {
            try {
              return run(entry)
            } catch (error) {
              throw tooSlow(error, text)
            }
          }
        },
      }
    },
  }
}

/** A regular expression that takes too long is the query's fault. */
async function refusingSlow(query: string, answer: Promise<Result>): Promise<Result> {
  try {
    return await answer
  } catch (error) {
    throw tooSlow(error, query)
  }
}

function tooSlow(error: unknown, query: string): unknown {
  return error instanceof RegexpTooSlow ? new QueryError(error.message, query, 0, query.length) : error
}

function selectorsOf(expression: Expression): LogExpression[] {
  switch (expression.node) {
    case 'logs':
      return [expression]
    case 'range':
      return [expression.range.logs]
    case 'aggregation':
    case 'label_replace':
      return selectorsOf(expression.operand)
    case 'binary':
      return [...selectorsOf(expression.left), ...selectorsOf(expression.right)]
    default:
      return []
  }
}

function createContext(request: InstantRequest | RangeRequest, steps: Steps, now: () => bigint): Context {
  return {
    source: request.source,
    steps,
    around: { query: request.query.text, now },
    statistics: { linesProcessed: 0, bytesProcessed: 0, linesFound: 0 },
    checkpoint: request.checkpoint ?? (() => undefined),
    work: 0,
    maxCells: MAX_CELLS,
    maxSamples: MAX_SAMPLES,
  }
}

async function instant(request: InstantRequest, now: () => bigint): Promise<Result> {
  const { query, nanos } = request
  const context = createContext(request, { startNanos: nanos, stepNanos: 1n, count: 1 }, now)
  const { expression } = query
  if (expression.node === 'logs') {
    return logs(request, expression, { startNanos: nanos - HOUR_NANOS, endNanos: nanos, intervalNanos: 0n }, context)
  }
  if (expression.node === 'literal') {
    return { type: 'scalar', nanos, value: expression.value, statistics: context.statistics }
  }
  const series = await metric(request, expression, context)
  if (!isSorted(expression)) series.sort(byLabels)
  return { type: 'vector', series, warnings: [], statistics: context.statistics }
}

async function range(request: RangeRequest, now: () => bigint): Promise<Result> {
  const { query, startNanos, endNanos, stepNanos, intervalNanos = 0n } = request
  const { expression } = query
  const count = stepNanos > 0n && endNanos >= startNanos ? Number((endNanos - startNanos) / stepNanos) + 1 : 0
  const context = createContext(request, { startNanos, stepNanos, count }, now)
  if (expression.node === 'logs') return logs(request, expression, { startNanos, endNanos, intervalNanos }, context)
  if (count === 0) throw refuse(context, 'the end of the query is before its start, or its step is not positive')
  if (count > MAX_CELLS) throw refuse(context, `the query has ${count} steps, which is more than can be held`)
  const series = await metric(request, expression, context)
  return { type: 'matrix', series: series.sort(byLabels), warnings: [], statistics: context.statistics }
}

async function logs(
  { limit = DEFAULT_LIMIT, direction = 'backward' }: InstantRequest | RangeRequest,
  expression: LogExpression,
  window: { startNanos: bigint; endNanos: bigint; intervalNanos: bigint },
  context: Context,
): Promise<Result> {
  const lines = await evaluateLogs(expression, { ...window, limit, direction }, context)
  return { type: 'streams', lines, statistics: context.statistics }
}

async function metric(
  { maxSeries = DEFAULT_MAX_SERIES }: InstantRequest | RangeRequest,
  expression: MetricExpression,
  context: Context,
): Promise<ResultSeries[]> {
  const all = (await evaluateMetric(expression, context)).filter(({ has }) => has.includes(1))
  const series = merge(all)
  if (series.length > maxSeries) {
    throw refuse(
      context,
      `maximum number of series (${maxSeries}) reached for a single query; consider reducing query cardinality by ` +
        'adding more specific stream selectors, reducing the time range, or aggregating results with functions ' +
        'like sum(), count() or topk()',
    )
  }
  return series.map(({ labels, values, has }) => ({
    labels,
    points: Array.from(has.keys())
      .filter((i) => has[i] === 1)
      .map((i) => ({ nanos: stepAt(context.steps, i), value: values[i]! })),
  }))
}

/** `label_replace` may leave several series with one label set; what they have at different times is one series. */
function merge(all: readonly Series[]): Series[] {
  const byKey = new Map<string, Series>()
  for (const series of all) {
    const key = JSON.stringify(series.labels)
    const known = byKey.get(key)
    if (known === undefined) {
      byKey.set(key, { ...series, values: series.values.slice(), has: series.has.slice() })
      continue
    }
    for (const [i, there] of series.has.entries()) {
      if (there !== 1 || known.has[i] === 1) continue
      known.values[i] = series.values[i]!
      known.has[i] = 1
    }
  }
  return [...byKey.values()]
}

/** Whether a `sort` anywhere in the query has put the series in order. */
function isSorted(expression: Expression): boolean {
  if (expression.node === 'aggregation' && expression.operation.startsWith('sort')) return true
  if (expression.node === 'aggregation' || expression.node === 'label_replace') return isSorted(expression.operand)
  return expression.node === 'binary' && (isSorted(expression.left) || isSorted(expression.right))
}

function byLabels(a: { labels: Labels }, b: { labels: Labels }): number {
  for (const [i, [name, value]] of a.labels.entries()) {
    const other = b.labels[i]
    if (other === undefined) return 1
    if (name !== other[0]) return name < other[0] ? -1 : 1
    if (value !== other[1]) return value < other[1] ? -1 : 1
  }
  return a.labels.length - b.labels.length
}
