import { type Pipeline, type Query, TRUE } from '../ast.ts'
import type { TraceSource } from '../source.ts'
import { requestOf } from './conditions.ts'
import { Fetcher } from './fetch.ts'
import type { FetchedSpan, Named } from './fetched.ts'
import { mergedTrace } from './merge.ts'
import { needOf } from './needs.ts'
import type { Regexps } from './operate.ts'
import { runPipeline } from './pipeline.ts'
import type { FoundSpan, FoundTrace } from './results.ts'

export interface SearchOptions {
  /** Nanoseconds; both 0 for all time. */
  startNanos: bigint
  endNanos: bigint
  /** Traces. */
  limit: number
  /** Spans listed of each set; 0 for all. */
  spansPerSpanSet: number
  /** Called between traces, and waited for where it says so; throws to end a search that takes too long. */
  check?: () => Promise<void> | undefined
}

/** These are said elsewhere in a result. */
const UNLISTED: ReadonlySet<string | undefined> = new Set([
  'name',
  'duration',
  'traceDuration',
  'rootServiceName',
  'rootName',
  'trace:id',
  'span:id',
  'spanStartTime',
])

/**
 * The traces that a query finds, newest first, and how many were looked at. Throws Error for what fails on the data,
 * in Tempo's words.
 */
export async function search(
  query: Query,
  source: TraceSource,
  options: SearchOptions,
): Promise<{ found: FoundTrace[]; inspected: number }> {
  const { pipeline } = query
  const regexps: Regexps = new Map()
  const request = requestOf(pipeline)
  const first = new Fetcher(request.conditions, request.all, regexps)
  const second = new Fetcher(request.secondPass, false, regexps)
  const found = new Map<string, FoundTrace>()
  let inspected = 0
  for (const trace of source.traces(options.startNanos, options.endNanos, needOf(pipeline, request, regexps))) {
    const pause = options.check?.()
    if (pause !== undefined) await pause
    inspected++
    const known = found.get(trace.id)
    // A trace that is listed already may have more parts; a new one finds no room.
    if (known === undefined && found.size >= options.limit) continue
    const spans = first.fetch(trace)
    if (spans.length === 0) continue
    const sets = runPipeline(pipeline, [{ spans, attributes: [] }], regexps).map(({ spans: matching, attributes }) => {
      const listed = options.spansPerSpanSet > 0 ? matching.slice(0, options.spansPerSpanSet) : matching
      second.extend(trace, listed)
      return { matched: matching.length, attributes, spans: listed.map(foundSpan) }
    })
    if (sets.length > 0)
      found.set(trace.id, known === undefined ? { trace, sets } : mergedTrace(known, { trace, sets }))
    else if (known !== undefined) found.set(trace.id, mergedTrace(known, { trace, sets }))
  }
  return { found: [...found.values()], inspected }
}

function foundSpan(fetched: FetchedSpan): FoundSpan {
  const listed = new Map<string, Named>()
  for (const list of fetched.lists()) {
    for (const named of list) {
      const [a, value] = named
      if (value.type !== 'nil') listed.set(`${a.scope} ${a.intrinsic ?? ''} ${a.name}`, named)
    }
  }
  const all = [...listed.values()]
  const name = all.find(([a]) => a.intrinsic === 'name')?.[1]
  const { id, startNanos, durationNanos } = fetched.span
  return {
    id,
    name: name?.type === 'string' ? name.value : undefined,
    startNanos,
    durationNanos,
    attributes: all.filter(([a]) => !UNLISTED.has(a.intrinsic)).map(([a, value]) => [a.name, value]),
  }
}

/** `{}`. */
export const EVERYTHING: Pipeline = { node: 'pipeline', elements: [{ node: 'filter', expression: TRUE }] }
