import type { Check } from '../context.ts'
import { errorLines, errorQuery, exemplarTraces } from '../failures.ts'
import { fail, pass } from '../verdict.ts'
import { waitFor } from '../wait.ts'
import { notThere } from './not-there.ts'

/** Loki has an ERROR line of this run with the trace id that the metric's exemplar names. */
export const errorLog: Check = async (context) => {
  const { lab, attempt } = context
  const wanted = (await exemplarTraces(context)).filter((id) => attempt.traces.includes(id))
  const query = `otel-lab query loki '${errorQuery(context)}${wanted[0] ? ` | trace_id="${wanted[0]}"` : ''}'`
  const matching = (lines: Awaited<ReturnType<typeof errorLines>>) =>
    lines.find(
      ({ traceId }) => traceId !== undefined && (wanted.length === 0 ? attempt.traces : wanted).includes(traceId),
    )
  const lines = await waitFor(lab, { signal: 'logs', what: 'the ERROR line in Loki' }, async () => {
    const found = await errorLines(context)
    return matching(found) ? found : undefined
  })
  const line = lines && matching(lines)
  if (line) {
    // What the line says is for the learner to find.
    return pass(`an ERROR line carries the same trace ${line.traceId}`, { query, traceId: line.traceId! })
  }
  const others = await errorLines(context)
  if (others.length > 0) {
    const [other] = others
    return other!.traceId === undefined
      ? fail('no-trace-id', 'there are ERROR lines of this run, but none carries a trace id', {
          why: 'A log without it cannot be tied to its trace, only guessed by the time',
          next: `otel-lab query loki '${errorQuery(context)}'`,
          query,
        })
      : fail('other-trace', `the ERROR lines carry other traces than the exemplar's ${wanted[0]}`, { query })
  }
  return { ...(await notThere(context, 'logs', 'an ERROR line of this run')), query }
}
