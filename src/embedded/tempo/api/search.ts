import { HttpRefusal } from '../../http.ts'
import { trimId } from '../traceql/evaluate/intrinsics.ts'
import type { FoundTrace } from '../traceql/evaluate/results.ts'
import { EVERYTHING, search } from '../traceql/evaluate/search.ts'
import { formatGoDuration } from '../traceql/go-duration.ts'
import type { Parse } from '../traceql/parse.ts'
import type { Trace, TraceSource } from '../traceql/source.ts'
import { compiled } from './compiled.ts'
import { readTags } from './logfmt.ts'
import { compact } from './otlp-json.ts'
import { pace } from './pace.ts'
import { clampedWindow, milliseconds, uint } from './params.ts'
import type { QuerySettings } from './parts.ts'
import { staticJson } from './static-json.ts'
import { hasTags } from './tag-search.ts'

const RESERVED = ['q', 'tags', 'minDuration', 'maxDuration', 'limit', 'start', 'end', 'spss', 'since']
const ROOT_MISSING = '<root span not yet received>'

/** GET /api/search. Throws HttpRefusal in Tempo's words. */
export async function searchResponse(
  params: URLSearchParams,
  source: TraceSource,
  parse: Parse,
  settings: QuerySettings,
  now: number,
): Promise<object> {
  const request = readRequest(params, settings)
  const window = clampedWindow(params, now, settings.queryBackendAfter, settings.queryEndCutoff)
  const seconds = (nanos: bigint) => (nanos / 1_000_000_000n) * 1_000_000_000n
  const range = (window.endNanos - window.startNanos) / 1_000_000n
  if (settings.maxSearchDuration > 0 && range > BigInt(settings.maxSearchDuration)) {
    const max = formatGoDuration(BigInt(settings.maxSearchDuration) * 1_000_000n)
    const [start, end] = [window.startNanos, window.endNanos].map((nanos) => nanos / 1_000_000_000n)
    throw new HttpRefusal(400, `range specified by start and end exceeds ${max}. received start=${start} end=${end}`)
  }
  const query = request.query === '' ? undefined : compiled(parse, request.query)
  const filtered: TraceSource = {
    *traces(start, end) {
      for (const trace of source.traces(start, end)) if (request.accepts(trace)) yield trace
    },
  }
  const { found, inspected } = await search(
    query ?? { pipeline: EVERYTHING, metrics: undefined, stages: [], hints: [] },
    query ? source : filtered,
    {
      startNanos: seconds(window.startNanos),
      endNanos: seconds(window.endNanos),
      limit: request.limit,
      spansPerSpanSet: request.spansPerSpanSet,
      check: pace(settings.timeout),
    },
  )
  const traces = found
    .sort((a, b) => (a.trace.startNanos < b.trace.startNanos ? 1 : -1))
    .map((f) => traceJson(f, !query))
  return { traces, metrics: { inspectedTraces: inspected, completedJobs: 1, totalJobs: 1 } }
}

function readRequest(params: URLSearchParams, settings: QuerySettings) {
  const start = uint(params, 'start') ?? 0
  const end = uint(params, 'end') ?? 0
  const query = params.get('q') ?? ''
  const tagText = params.get('tags') ?? ''
  if (tagText !== '' && query !== '') {
    throw new HttpRefusal(400, "invalid request: can't specify tags and q in the same query")
  }
  const tags = readTags(tagText)
  if (query === '' && tagText === '' && start === 0 && end === 0) {
    // As the first Grafana sent them: each tag a parameter of its own.
    for (const [key, value] of params) if (!RESERVED.includes(key) && value !== '') tags.set(key, value)
  }
  const min = milliseconds(params, 'minDuration') ?? 0
  const max = milliseconds(params, 'maxDuration') ?? 0
  if (max > 0 && min > max) throw new HttpRefusal(400, 'invalid maxDuration: must be greater than minDuration')
  const limit = uint(params, 'limit')
  if (limit === 0) throw new HttpRefusal(400, 'invalid limit: must be a positive number')
  if (settings.maxLimit > 0 && (limit ?? 0) > settings.maxLimit) {
    throw new HttpRefusal(400, `limit ${limit} exceeds max limit ${settings.maxLimit}`)
  }
  const spansPerSpanSet = uint(params, 'spss') ?? 3
  if (settings.maxSpansPerSpanSet > 0 && spansPerSpanSet > settings.maxSpansPerSpanSet) {
    throw new HttpRefusal(400, `spans per span set exceeds ${settings.maxSpansPerSpanSet}. received ${spansPerSpanSet}`)
  }
  if ((start !== 0 || end !== 0) && end <= start) {
    throw new HttpRefusal(400, `http parameter start must be before end. received start=${start} end=${end}`)
  }
  const accepts = (trace: Trace) => {
    const ms = Number(trace.endNanos - trace.startNanos) / 1e6
    return ms >= min && (max === 0 || ms <= max) && hasTags(trace, tags)
  }
  return { query, limit: limit ?? settings.defaultLimit, spansPerSpanSet, accepts }
}

function traceJson({ trace, sets }: FoundTrace, bare: boolean): object {
  const spanSets = sets.map((set) =>
    compact({
      spans: set.spans.map((span) =>
        compact({
          spanID: span.id,
          name: span.name,
          startTimeUnixNano: String(span.startNanos),
          durationNanos: String(span.durationNanos),
          attributes: span.attributes.map(([key, value]) => ({ key, value: staticJson(value) })),
        }),
      ),
      matched: set.matched,
      attributes: set.attributes.map(({ name, value }) => ({ key: name, value: staticJson(value) })),
    }),
  )
  return compact({
    traceID: trimId(trace.id),
    rootServiceName: trace.rootServiceName || ROOT_MISSING,
    rootTraceName: trace.rootName,
    startTimeUnixNano: String(trace.startNanos),
    durationMs: Number((trace.endNanos - trace.startNanos) / 1_000_000n),
    ...(bare ? {} : { spanSet: spanSets[0], spanSets }),
    serviceStats: Object.fromEntries(
      [...trace.serviceStats].map(([service, s]) => [
        service,
        compact({ spanCount: s.spanCount, errorCount: s.errorCount }),
      ]),
    ),
  })
}
