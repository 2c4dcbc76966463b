import type { Trace, TraceSpan } from '../backends/trace.ts'
import { type CheckContext, callOf, windowOf } from './context.ts'
import { anyOf } from './query.ts'

type Scope = Pick<CheckContext, 'lab' | 'attempt'>

/** The traces of the attempt: those that the program named, else those that Tempo finds under its run id. */
export async function traceIdsOf({ lab, attempt }: Scope): Promise<string[]> {
  if (attempt.traces.length > 0) return attempt.traces
  const found = await lab.backends.tempo.search(anyOf('traceql', attempt.runId), {
    window: windowOf({ lab, attempt }),
    limit: 200,
    ...callOf(lab),
  })
  return found.map(({ traceId }) => traceId)
}

/** A trace with the attempt's own spans only: what somebody else hung below it is left out, and what is marked with another run. */
export async function ownTrace({ lab, attempt }: Scope, traceId: string): Promise<Trace | undefined> {
  const trace = await lab.backends.tempo.traceById(traceId, callOf(lab))
  const spans = trace?.spans.filter((span) => isOwn(span, attempt)) ?? []
  return spans.length === 0 ? undefined : { traceId, spans }
}

/** A request's trace is the attempt's by its id: the program that answers it was started by somebody else. */
function isOwn({ resource, traceId }: TraceSpan, { runId, asked }: Scope['attempt']): boolean {
  const run = resource['otel_lab.run.id']
  return run === runId || (run === undefined && asked.includes(traceId))
}

/** Whole: with a root, or with what hangs below the request that the lab has sent. */
export function isWhole({ spans, traceId }: Trace, { asked }: Scope['attempt']): boolean {
  return asked.includes(traceId) || spans.some(({ parentSpanId }) => parentSpanId === undefined)
}

/** The attempt's traces, once every one that it named is there and whole. */
export async function wholeTraces(scope: Scope): Promise<Trace[] | undefined> {
  const ids = await traceIdsOf(scope)
  if (ids.length === 0) return undefined
  const found = await Promise.all(ids.map((id) => ownTrace(scope, id)))
  const whole = found.filter((trace) => trace !== undefined && isWhole(trace, scope.attempt))
  return whole.length === ids.length ? (whole as Trace[]) : undefined
}
