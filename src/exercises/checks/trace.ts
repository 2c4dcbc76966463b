import { Type } from '@sinclair/typebox'
import { defineCheck } from '../check-kind.ts'
import { wholeTraces } from '../traces.ts'
import { pass } from '../verdict.ts'
import { waitFor } from '../wait.ts'
import { cannotCome, notThere } from './not-there.ts'

/** Every trace of this attempt is in Tempo, whole, and marked with its run id. */
export const trace = defineCheck({
  name: 'trace',
  about: 'Every trace of this run is in Tempo, whole',
  parameters: {
    spans: Type.Optional(Type.Integer({ description: 'At least so many spans in all', minimum: 1 })),
  },
  words: {
    expected: 'the whole trace of this run in Tempo',
    why: 'What is judged must be this run, and no older one',
  },
  async run(context, spec) {
    const { lab, attempt } = context
    const query = `otel-lab trace ${attempt.traces[0] ?? '<id>'}`
    const found = await waitFor(
      lab,
      { signal: 'trace-by-id', what: 'the trace in Tempo' },
      async () => {
        const whole = await wholeTraces(context)
        const spans = whole?.reduce((sum, one) => sum + one.spans.length, 0) ?? 0
        return whole && spans >= (spec.spans ?? 1) ? { whole, spans } : undefined
      },
      () => cannotCome(context, 'traces'),
    )
    if (found === undefined) return { ...(await notThere(context, 'traces', 'the trace of this run')), query }
    const { whole, spans } = found
    const traces = whole.length === 1 ? 'the trace' : `${whole.length} traces`
    const [first] = whole
    return pass(`Tempo has ${traces} of run ${attempt.runId}, ${spans} spans`, {
      query: `otel-lab trace ${first!.traceId}`,
      traceId: first!.traceId,
      result: whole.map((one) => one.spans.map(({ spanId }) => spanId)),
    })
  },
})
