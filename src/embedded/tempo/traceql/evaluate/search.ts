import { type Pipeline, type Query, type Static, TRUE } from '../ast.ts'
import type { Trace, TraceSource } from '../source.ts'
import { queries } from '../validate.ts'
import { requestOf } from './conditions.ts'
import { Fetcher } from './fetch.ts'
import type { FetchedSpan, Named } from './fetched.ts'
import type { Regexps } from './operate.ts'
import { runPipeline } from './pipeline.ts'

export interface SearchOptions {
  /** Nanoseconds; both 0 for all time. */
  startNanos: bigint
  endNanos: bigint
  /** Traces. */
  limit: number
  /** Spans listed of each set; 0 for all. */
  spansPerSpanSet: number
  /** Checked between traces; throws to end a search that takes too long. */
  check?: () => void
}

export interface FoundSpan {
  id: string
  name: string | undefined
  startNanos: bigint
  durationNanos: bigint
  attributes: [string, Static][]
}

export interface FoundSet {
  matched: number
  attributes: { name: string; value: Static }[]
  spans: FoundSpan[]
}

export interface FoundTrace {
  trace: Trace
  sets: FoundSet[]
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
 * The traces that a query finds, newest first, and how many were looked at. Throws Error for what is no search
 * (arithmetic over queries) or fails on the data, in Tempo's words.
 */
export function search(
  query: Query,
  source: TraceSource,
  options: SearchOptions,
): { found: FoundTrace[]; inspected: number } {
  const [only, ...more] = queries(query.expression)
  if (only === undefined || more.length > 0) throw new Error('math expressions not supported')
  const run = searcher(only.pipeline, options.spansPerSpanSet)
  const found: FoundTrace[] = []
  let inspected = 0
  for (const trace of source.traces(options.startNanos, options.endNanos)) {
    options.check?.()
    inspected++
    const sets = run(trace)
    if (sets.length === 0) continue
    found.push({ trace, sets })
    if (found.length >= options.limit) break
  }
  return { found, inspected }
}

function searcher(pipeline: Pipeline, spansPerSpanSet: number): (trace: Trace) => FoundSet[] {
  const regexps: Regexps = new Map()
  const request = requestOf(pipeline)
  const first = new Fetcher(request.conditions, request.all, regexps)
  const second = new Fetcher(request.secondPass, false, regexps)
  return (trace) => {
    const spans = first.fetch(trace)
    if (spans.length === 0) return []
    return runPipeline(pipeline, [{ spans, attributes: [] }], regexps).map(({ spans: matching, attributes }) => {
      const listed = spansPerSpanSet > 0 ? matching.slice(0, spansPerSpanSet) : matching
      second.extend(trace, listed)
      return { matched: matching.length, attributes, spans: listed.map(foundSpan) }
    })
  }
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
