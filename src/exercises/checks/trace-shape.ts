import { Type } from '@sinclair/typebox'
import { spanTree } from '../../backends/trace.ts'
import { defineCheck } from '../check-kind.ts'
import { word } from '../format/words.ts'
import { compareShape, drawShape, SpanShape } from '../shape.ts'
import { isWhole, ownTrace, traceIdsOf } from '../traces.ts'
import { fail, pass } from '../verdict.ts'
import { waitFor } from '../wait.ts'
import { cannotCome, notThere } from './not-there.ts'

export const traceShape = defineCheck({
  name: 'trace-shape',
  about: 'A trace of this run has the expected tree of spans',
  parameters: {
    tree: SpanShape,
    extra: Type.Optional(word(['allowed', 'refused'], 'Spans that the tree does not name; allowed unless said')),
  },
  words: {
    expected: 'a trace whose spans hang together as the work does',
    why: 'The tree says what called what; a span below the wrong parent tells a story that did not happen',
  },
  async run(context, { tree, extra = 'allowed' }) {
    const { lab, attempt } = context
    let best: { traceId: string; compared: ReturnType<typeof compareShape> } | undefined
    const look = async () => {
      const own = await Promise.all((await traceIdsOf(context)).map((id) => ownTrace(context, id)))
      const known = own.flatMap((trace) => trace?.spans ?? [])
      for (const trace of own) {
        if (trace === undefined || !isWhole(trace, attempt)) continue
        const id = trace.traceId
        const compared = compareShape(tree, spanTree(trace.spans), { extra, known })
        if (best === undefined || compared.distance < best.compared.distance || id === best.traceId)
          best = { traceId: id, compared }
        if (compared.faults.length === 0) return best
      }
      return undefined
    }
    const began = lab.now()
    await waitFor(lab, { signal: 'trace-by-id', what: 'the trace in Tempo' }, look, async () =>
      best === undefined ? cannotCome(context, 'traces') : lab.now() - began > SETTLED_MS,
    )
    if (best === undefined)
      return { ...(await notThere(context, 'traces', 'the trace of this run')), query: 'otel-lab trace <id>' }
    const { traceId, compared } = best
    const query = `otel-lab trace ${traceId}`
    if (compared.faults.length === 0) return pass(`trace ${traceId} has the expected spans`, { query, traceId })
    const [first] = compared.faults
    return fail(first!.case, `${first!.said}\n${drawShape(compared)}`, {
      next: `Look at it, mend the program, and check again: ${query}`,
      query,
      traceId,
    })
  },
})

/** All parts of a trace come within the batches on the way; what is wrong after that stays wrong. */
const SETTLED_MS = 3_000
