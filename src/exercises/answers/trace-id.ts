import { defineAnswer } from '../answer-kind.ts'
import { type CheckContext, callOf } from '../context.ts'
import { word } from '../format/words.ts'
import { wholeTraces } from '../traces.ts'
import { fail, type Outcome, pass } from '../verdict.ts'
import { waitFor } from '../wait.ts'
import { readId } from './read/id.ts'
import { gone, unreadable } from './shared.ts'
import { lengthOf, meant, NEARLY } from './which.ts'

/** The id of a trace of this attempt. */
export const traceId = defineAnswer({
  as: 'trace-id',
  about: 'The id of a trace of this attempt: any, one that failed, or the one that took longest; eight digits suffice',
  parameters: { which: word(['any', 'failing', 'slowest']) },
  async grade(context, spec, { which }, text) {
    const { lab, attempt } = context
    const traces = await waitFor(lab, { signal: 'trace-by-id', what: 'the traces in Tempo' }, () =>
      wholeTraces(context),
    )
    if (traces === undefined) return gone(context)
    const read = readId(
      text,
      'trace',
      traces.map((trace) => trace.traceId),
    )
    if (!read.ok) return unreadable(context, spec.answer, text, read)
    const { id, digits } = read.value
    if (id === undefined) return notOurs(context, digits)
    const query = `otel-lab trace ${id}`
    const longest = Math.max(...traces.map(({ spans }) => lengthOf(spans)))
    const given = traces.find((trace) => trace.traceId === id)!
    if (which === 'failing' && meant(given.spans, 'failing').length === 0) {
      return fail('healthy', `trace ${id} is of this run, but nothing in it failed`, {
        query,
        next: `Find one that failed: otel-lab query tempo '{resource.otel_lab.run.id="${attempt.runId}" && status=error}'`,
      })
    }
    if (which === 'slowest' && lengthOf(given.spans) < longest * NEARLY) {
      return fail('wrong', `trace ${id} is of this run, but another one took longer`, {
        query,
        next: 'Compare how long the traces of this run took',
      })
    }
    return pass(`${id}: right`, { query, traceId: id })
  },
})

async function notOurs({ lab, attempt }: CheckContext, digits: string): Promise<Outcome> {
  const next = `Find those of this run: otel-lab query tempo '{resource.otel_lab.run.id="${attempt.runId}"}'`
  const old = digits.length === 32 ? await lab.backends.tempo.traceById(digits, callOf(lab)) : undefined
  const run = old?.spans[0]?.resource['otel_lab.run.id']
  if (run !== undefined) {
    return fail('stale', `trace ${digits} is of run ${run}, an earlier one; this attempt is run ${attempt.runId}`, {
      next,
    })
  }
  return fail('no-such-trace', `no trace of run ${attempt.runId} begins with ${digits}`, { next })
}
