import { formatModelDuration } from '../../series/model-duration.ts'
import type { Limits } from '../config/limits.ts'
import type { MetricExpression } from '../logql/ast.ts'
import { formatGoDuration } from '../logql/go/duration.ts'
import type { Query } from '../logql/logql.ts'
import { type Bounds, refuse } from './params.ts'

/** What Loki's frontend makes of a metric query's times: the start down and the end up to a multiple of the step. */
export function onSteps({ startNanos, endNanos }: Bounds, stepNanos: bigint): Bounds {
  const rest = endNanos % stepNanos
  return {
    startNanos: startNanos - (startNanos % stepNanos),
    endNanos: rest === 0n ? endNanos : endNanos + stepNanos - rest,
  }
}

/** What a split of an instant query may be made of. */
const SPLITTABLE: ReadonlySet<string> = new Set([
  ...['sum', 'count', 'max', 'min', 'avg', 'topk', 'sort', 'sort_desc'],
  ...['rate', 'bytes_rate', 'bytes_over_time', 'count_over_time', 'sum_over_time', 'max_over_time', 'min_over_time'],
])

/**
 * Refuses what reads lines of a longer time than `max_query_length`: each range with what it looks back. Loki's
 * querier checks the parts that the frontend has split the query into, the last of them first.
 */
export function checkLengths({ expression }: Query, bounds: Bounds, stepNanos: bigint, limits: Limits): void {
  if (expression.node === 'logs' || limits.maxQueryLength === 0) return
  const instant = stepNanos === 0n
  for (const part of legs(expression)) {
    if (instant && limits.splitInstantMetricQueriesBy > 0 && isSplittable(part)) continue
    const ranges = intervalsOf(part)
    const { startNanos, endNanos } = instant ? bounds : lastPart(bounds, stepNanos, ranges, limits)
    // A nanosecond more, so that a line of that very time is in.
    for (const interval of ranges) checkLength(endNanos - startNanos + interval + 1n, limits)
  }
}

function checkLength(nanos: bigint, { maxQueryLength }: Limits): void {
  if (nanos <= BigInt(maxQueryLength) * 1_000_000n) return
  const [length, limit] = [formatGoDuration(nanos), formatModelDuration(maxQueryLength)]
  refuse(`the query time range exceeds the limit (query length: ${length}, limit: ${limit})`)
}

function legs(e: MetricExpression): MetricExpression[] {
  return e.node === 'binary' ? [...legs(e.left), ...legs(e.right)] : [e]
}

function isSplittable(e: MetricExpression): boolean {
  if (e.node === 'range') return SPLITTABLE.has(e.operation)
  if (e.node === 'aggregation') return SPLITTABLE.has(e.operation) && isSplittable(e.operand)
  if (e.node === 'binary') return isSplittable(e.left) && isSplittable(e.right)
  return 'operand' in e ? isSplittable(e.operand) : true
}

function intervalsOf(e: MetricExpression): bigint[] {
  if (e.node === 'range') return [e.range.intervalNanos]
  if (e.node === 'binary') return [...intervalsOf(e.left), ...intervalsOf(e.right)]
  return 'operand' in e ? intervalsOf(e.operand) : []
}

/** From the last boundary of the splitting, which is as wide as the widest range at least. */
function lastPart(bounds: Bounds, stepNanos: bigint, ranges: bigint[], limits: Limits): Bounds {
  const configured = BigInt(limits.splitQueriesBy) * 1_000_000n
  let width = configured
  for (const range of ranges) if (range > width) width = range
  if (configured === 0n || stepNanos >= width) return bounds
  let { startNanos } = bounds
  for (;;) {
    const next = (startNanos / width + 1n) * width
    const target = next - ((next - startNanos) % stepNanos)
    const end = target === next ? target - stepNanos : target
    if (end + stepNanos >= bounds.endNanos) return { ...bounds, startNanos }
    startNanos = end + stepNanos
  }
}
