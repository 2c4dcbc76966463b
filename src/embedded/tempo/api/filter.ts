import type { FieldExpression, PipelineElement, Query } from '../traceql/ast.ts'
import { requestOf } from '../traceql/evaluate/conditions.ts'
import { Fetcher } from '../traceql/evaluate/fetch.ts'
import type { Regexps } from '../traceql/evaluate/operate.ts'
import { evaluate } from '../traceql/evaluate/pipeline.ts'
import type { Parse } from '../traceql/parse.ts'
import type { Span, Trace, TraceSource } from '../traceql/source.ts'
import { validate } from '../traceql/validate.ts'
import type { Pace } from './pace.ts'

/** Calls `visit` for each span of the window that the filter of a tag request lets through. Throws HttpRefusal when time is up. */
export type SpanVisitor = (visit: (span: Span, trace: Trace) => void) => Promise<void>

/**
 * The first spanset filter of `text`. An editor asks while the user types, so what does not parse or is not
 * finished yet filters by the comparisons that are, and by nothing when there are none; so does `.foo`, which
 * may be the span's or the resource's.
 */
export function spansOf(
  source: TraceSource,
  window: { startNanos: bigint; endNanos: bigint },
  text: string,
  parse: Parse,
  check: Pace,
): SpanVisitor {
  const filter = text.trim() === '' ? undefined : (filterOf(text, parse) ?? filterOf(completed(text), parse))
  return async (visit) => {
    const regexps: Regexps = new Map()
    const pipeline = filter && {
      node: 'pipeline' as const,
      elements: [{ node: 'filter' as const, expression: filter }],
    }
    const request = pipeline && requestOf(pipeline)
    const usable = request?.conditions.every(({ attribute: a, op }) => {
      return op !== 'any' && (a.scope !== 'none' || a.intrinsic !== undefined)
    })
    const fetcher = request && usable ? new Fetcher(request.conditions, request.all, regexps) : undefined
    for (const trace of source.traces(window.startNanos, window.endNanos)) {
      const pause = check()
      if (pause !== undefined) await pause
      if (fetcher === undefined || filter === undefined) {
        for (const span of trace.spans) visit(span, trace)
        continue
      }
      for (const fetched of fetcher.fetch(trace)) {
        const value = evaluate(filter, fetched, regexps)
        if (value.type === 'bool' && value.value) visit(fetched.span, trace)
      }
    }
  }
}

function filterOf(text: string, parse: Parse): FieldExpression | undefined {
  let query: Query
  try {
    query = parse(text)
  } catch {
    return undefined
  }
  if (validate(query) !== undefined) return undefined
  const first: PipelineElement | undefined = query.pipeline.elements[0]
  return first?.node === 'filter' ? first.expression : undefined
}

const MATCHER = /([\w.:"-]+)\s*(=~|!~|!=|>=|<=|=|>|<)\s*("(?:[^"\\]|\\.)*"|`[^`]*`|[\w.]+)/g

/** Only the comparisons of `text` that are whole. */
function completed(text: string): string {
  if (text.includes('||')) return '{}'
  return `{ ${[...text.matchAll(MATCHER)].map(([whole]) => whole).join(' && ') || 'true'} }`
}
