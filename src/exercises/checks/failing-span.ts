import type { Check } from '../context.ts'
import { exemplarTraces, failuresOf } from '../failures.ts'
import { fail, pass } from '../verdict.ts'
import { waitFor } from '../wait.ts'
import { notThere } from './not-there.ts'

/** Tempo has the trace, and in it the span where it went wrong. */
export const failingSpan: Check = async (context) => {
  const { lab, attempt } = context
  const wanted = await exemplarTraces(context)
  const query = `otel-lab trace ${wanted[0] ?? attempt.traces[0] ?? '<id>'}`
  const failures = await waitFor(lab, { signal: 'trace-by-id', what: 'the failed trace in Tempo' }, async () => {
    const found = await failuresOf(context)
    return found.some(({ traceId }) => wanted.length === 0 || wanted.includes(traceId)) ? found : undefined
  })
  const failure = failures?.find(({ traceId }) => wanted.includes(traceId)) ?? failures?.[0]
  if (failure) {
    return pass(`in trace ${failure.traceId} the span ${failure.span.name} failed`, { query, traceId: failure.traceId })
  }
  const [first] = attempt.traces
  const there = first === undefined ? undefined : await lab.backends.tempo.traceById(first)
  if (there) return fail('no-error-span', 'Tempo has the traces, but no span in them has failed', { query })
  return { ...(await notThere(context, 'traces', 'the trace of the failed file')), query }
}
