import { formatDuration } from '../../../util/duration.ts'
import { HttpRefusal } from '../../http.ts'
import { formatModelDuration } from '../../series/model-duration.ts'
import type { Limits } from '../config/limits.ts'
import type { MetricExpression } from '../logql/ast.ts'
import type { Query } from '../logql/logql.ts'
import type { Matcher } from '../logql/source.ts'
import { type Bounds, refuse } from './params.ts'

/** How long a query may keep the process to itself. */
const TURN_MS = 15

/** What Loki's frontend and querier refuse before they run a query, in their words. May move the start. */
export function checkQuery(query: Query, bounds: Bounds, limit: number, limits: Limits, nowNanos: bigint): Bounds {
  if (query.kind === 'logs') checkEntries(limit, limits)
  if (query.expression.node !== 'logs') checkRanges(query.expression, limits)
  for (const { matchers } of query.selectors) checkMatchers(matchers, limits)
  return checkBounds(bounds, limits, nowNanos)
}

export function checkEntries(limit: number, { maxEntriesLimitPerQuery: max }: Limits): void {
  if (max === 0 || limit <= max) return
  refuse(`max entries limit per query exceeded, limit > max_entries_limit_per_query (${limit} > ${max})`)
}

/** The [interval] of each range. */
function checkRanges(expression: MetricExpression, limits: Limits): void {
  const { maxQueryRange: max } = limits
  if (max === 0) return
  if (expression.node === 'range') {
    const ms = Number(expression.range.intervalNanos / 1_000_000n)
    if (ms > max) refuse(`[interval] value exceeds limit: [${formatModelDuration(ms)}] > [${formatModelDuration(max)}]`)
  } else if (expression.node === 'binary') {
    checkRanges(expression.left, limits)
    checkRanges(expression.right, limits)
  } else if ('operand' in expression) checkRanges(expression.operand, limits)
}

function checkMatchers(matchers: readonly Matcher[], limits: Limits): void {
  const max = limits.maxStreamsMatchersPerQuery
  if (matchers.length > max) {
    refuse(`max streams matchers per query exceeded, matchers-count > limit (${matchers.length} > ${max})`)
  }
  const present = matchers.map(({ name }) => name)
  const missing = limits.requiredLabels.filter((name) => !present.includes(name))
  if (missing.length > 0) {
    refuse(
      `stream selector is missing required matchers [${missing.join(', ')}], labels present in the query were [${present.join(', ')}]`,
    )
  }
  if (matchers.length < limits.minimumLabels) {
    refuse(
      `stream selector has less label matchers than required: (present: [${present.join(', ')}], number_present: ${present.length}, required_number_label_matchers: ${limits.minimumLabels})`,
    )
  }
}

export function checkBounds({ startNanos, endNanos }: Bounds, limits: Limits, nowNanos: bigint): Bounds {
  let start = startNanos
  if (limits.maxQueryLookback > 0) {
    const oldest = nowNanos - BigInt(limits.maxQueryLookback) * 1_000_000n
    if (start < oldest) start = oldest
  }
  const length = Number((endNanos - start) / 1_000_000n)
  if (limits.maxQueryLength > 0 && length > limits.maxQueryLength) {
    refuse(
      `the query time range exceeds the limit (query length: ${formatDuration(length)}, limit: ${formatModelDuration(limits.maxQueryLength)})`,
    )
  }
  return { startNanos: start, endNanos }
}

/** For the language to call now and then: gives others their turn, and ends a query that takes too long or that nobody waits for. */
export function checkpointFor(signal: AbortSignal, { queryTimeout }: Limits): () => Promise<void> | undefined {
  const started = performance.now()
  let turn = started
  return () => {
    const now = performance.now()
    if (now - turn < TURN_MS) return undefined
    if (queryTimeout > 0 && now - started > queryTimeout) {
      throw new HttpRefusal(
        504,
        'request timed out, decrease the duration of the request or add more label matchers (prefer exact match over regex match) to reduce the amount of data processed',
      )
    }
    if (signal.aborted) throw new HttpRefusal(499, 'the request was cancelled by the client')
    return new Promise((resolve) => {
      setImmediate(() => {
        turn = performance.now()
        resolve()
      })
    })
  }
}
