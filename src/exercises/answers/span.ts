import { Type } from '@sinclair/typebox'
import type { TraceSpan } from '../../backends/trace.ts'
import { defineAnswer } from '../answer-kind.ts'
import { wholeTraces } from '../traces.ts'
import { fail, pass } from '../verdict.ts'
import { waitFor } from '../wait.ts'
import { type NamedSpan, readSpan } from './read/span.ts'
import { gone, unreadable } from './shared.ts'
import { meant, Which } from './which.ts'

/** A span of this attempt: by id, by name, or by its path. */
export const span = defineAnswer({
  as: 'span',
  about: 'Which span: the failing one, the one that took longest, or one of that name; by its id, name or path',
  parameters: {
    which: Which,
    name: Type.Optional(Type.String({ description: 'With which: named' })),
    within: Type.Optional(
      Type.String({ description: 'The key of the answer that names a trace: only spans of that one are meant' }),
    ),
  },
  lint: ({ which, name }) => ((which === 'named') === (name !== undefined) ? [] : ['name goes with which: named']),
  async grade(context, spec, { which, name, within }, text) {
    const { lab, attempt } = context
    const traces = await waitFor(lab, { signal: 'trace-by-id', what: 'the traces in Tempo' }, () =>
      wholeTraces(context),
    )
    if (traces === undefined) return gone(context)
    const inTrace = within === undefined ? '' : (context.answers[within] ?? '').trim().toLowerCase()
    const named = traces.filter(({ traceId }) => inTrace.length >= 8 && traceId.startsWith(inTrace))
    const looked = named.length > 0 ? named : traces
    const all = looked.flatMap(({ spans }) => spans.map((one) => ({ ...one, path: pathOf(one, spans) })))
    const right = new Set(traces.flatMap(({ spans }) => meant(spans, which, name)).map(({ spanId }) => spanId))
    const read = readSpan(text, all satisfies NamedSpan[])
    if (!read.ok) return unreadable(context, spec.answer, text, read)
    const query = `otel-lab trace ${attempt.traces[0] ?? traces[0]!.traceId}`
    const given = read.value
    if (given.length === 0) {
      return fail('no-such-span', `no span of run ${attempt.runId} is called ${text}`, {
        next: `See how they are called: ${query}`,
        query,
      })
    }
    const rights = given.filter(({ spanId }) => right.has(spanId))
    if (rights.length === given.length) return pass(`${text}: right`, { query, traceId: given[0]!.traceId })
    if (rights.length > 0) {
      const instead = 'Write its path, such as process_file > load_file, or its id'
      return unreadable(context, spec.answer, text, {
        ok: false,
        case: 'ambiguous',
        why: `names ${given.length} spans`,
        instead,
      })
    }
    return fail('wrong', `${given[0]!.path.join(' > ')} ${NOT[which]}`, { next: `Look again: ${query}`, query })
  },
})

const NOT = {
  failing: 'is not where it failed',
  slowest: 'is not what took longest',
  named: 'is another one',
} as const

/** Names from the root down; a parent that is not there ends it, and so does a cycle. */
function pathOf(span: TraceSpan, spans: readonly TraceSpan[]): string[] {
  const path = [span.name]
  const seen = new Set([span.spanId])
  for (let at: TraceSpan | undefined = span; ; ) {
    at = spans.find(({ spanId }) => spanId === at!.parentSpanId)
    if (at === undefined || seen.has(at.spanId)) return path
    seen.add(at.spanId)
    path.unshift(at.name)
  }
}
