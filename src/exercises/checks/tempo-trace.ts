import { type Check, type CheckContext, callOf } from '../context.ts'
import { pass } from '../verdict.ts'
import { waitFor } from '../wait.ts'
import { notThere } from './not-there.ts'

/** Every trace that the app named in this attempt is in Tempo, whole, and marked with its run id. */
export const tempoTrace: Check = async (context) => {
  const { lab, attempt } = context
  const query = `otel-lab trace ${attempt.traces[0] ?? '<id>'}`
  if (attempt.traces.length > 0) {
    const found = await waitFor(lab, { signal: 'trace-by-id', what: 'the trace in Tempo' }, () => wholeTraces(context))
    if (found !== undefined) {
      const traces = found.length === 1 ? 'the trace' : `${found.length} traces`
      const spans = found.reduce((sum, { length }) => sum + length, 0)
      return pass(`Tempo has ${traces} of run ${attempt.runId}, ${spans} spans`, { query, traceId: attempt.traces[0]! })
    }
  }
  return { ...(await notThere(context, 'traces', 'the trace of this run')), query }
}

async function wholeTraces({ lab, attempt }: CheckContext) {
  const traces = await Promise.all(attempt.traces.map((id) => lab.backends.tempo.traceById(id, callOf(lab))))
  const whole = traces.flatMap((trace) => {
    const spans = trace?.spans.filter(({ resource }) => resource['otel_lab.run.id'] === attempt.runId) ?? []
    return spans.some(({ parentSpanId }) => parentSpanId === undefined) ? [spans] : []
  })
  return whole.length === attempt.traces.length ? whole : undefined
}
