import type { MetricsAggregate, MetricsCompare, Pipeline, Query } from '../ast.ts'
import { intrinsic } from '../ast.ts'
import { addMetrics, type FetchRequest, requestOf } from '../evaluate/conditions.ts'
import { Fetcher, readEverything } from '../evaluate/fetch.ts'
import { needOf } from '../evaluate/needs.ts'
import type { Regexps } from '../evaluate/operate.ts'
import { runPipeline } from '../evaluate/pipeline.ts'
import type { TraceSource } from '../source.ts'
import { AggregateObserver, type SeriesGuard, type SpanObserver } from './aggregate.ts'
import { CompareObserver } from './compare.ts'
import { Intervals, type Window } from './intervals.ts'
import type { SeriesSet } from './series.ts'
import { runStage } from './stages.ts'

export interface MetricsOptions {
  window: Window
  /** At most so many exemplars for the whole query. */
  exemplars: number
  /** Series times intervals that a query may fill. */
  maxValues: number
  /** Called between traces, and waited for where it says so; throws to end a query that takes too long. */
  check?: () => Promise<void> | undefined
}

export interface MetricsResult {
  series: SeriesSet
  intervals: Intervals
  inspectedTraces: number
  inspectedSpans: number
}

/** Runs a metrics query. Throws Error in Tempo's words when it is none, or fails on the data. */
export async function runMetrics(query: Query, source: TraceSource, options: MetricsOptions): Promise<MetricsResult> {
  const { pipeline, metrics, stages } = query
  if (metrics === undefined) throw new Error('not a metrics query')
  const intervals = new Intervals(options.window)
  const result: MetricsResult = { series: new Map(), intervals, inspectedTraces: 0, inspectedSpans: 0 }
  const observed = await observe(pipeline, metrics, source, intervals, options, result)
  result.series = stages.reduce((input, stage) => runStage(stage, input), observed)
  return result
}

async function observe(
  pipeline: Pipeline,
  metrics: MetricsAggregate | MetricsCompare,
  source: TraceSource,
  intervals: Intervals,
  options: MetricsOptions,
  result: MetricsResult,
): Promise<SeriesSet> {
  const regexps: Regexps = new Map()
  const request: FetchRequest = requestOf(pipeline)
  if (metrics.node === 'metrics') addMetrics(metrics, request)
  const first = new Fetcher(request.conditions, request.all, regexps)
  const second = new Fetcher(request.secondPass, false, regexps)
  const traceId = new Fetcher([{ attribute: intrinsic('trace:id'), op: 'any' }], false, regexps)
  const guard: SeriesGuard = (series) => {
    if (series * intervals.count > options.maxValues) {
      throw new Error(`the query yields too many series (${series} of ${intervals.count} values): narrow it down`)
    }
  }
  const observer: SpanObserver =
    metrics.node === 'metrics'
      ? new AggregateObserver(metrics, intervals, options.exemplars, guard)
      : new CompareObserver(metrics, intervals, options.exemplars, guard, regexps)
  const { startNanos, endNanos } = options.window
  let exemplars = 0
  for (const trace of source.traces(startNanos, endNanos, needOf(pipeline, request, regexps))) {
    const pause = options.check?.()
    if (pause !== undefined) await pause
    result.inspectedTraces++
    const fetched = first.fetch(trace)
    if (fetched.length === 0) continue
    const sets = runPipeline(pipeline, [{ spans: fetched, attributes: [] }], regexps)
    const spans = sets.flatMap((set) => set.spans).filter((s) => intervals.includes(s.span.startNanos))
    if (spans.length === 0) continue
    if (metrics.node === 'compare') readEverything(trace, spans)
    else if (request.secondPass.length > 0) second.extend(trace, spans)
    result.inspectedSpans += spans.length
    for (const span of spans) observer.observe(span, intervals.of(span.span.startNanos))
    if (exemplars >= options.exemplars) continue
    // One of each trace; which one does not matter, so take the middle one.
    const example = spans[spans.length >> 1]!
    traceId.extend(trace, [example])
    observer.exemplar(example)
    exemplars++
  }
  return observer.result()
}
