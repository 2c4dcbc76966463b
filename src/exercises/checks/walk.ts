import { Type } from '@sinclair/typebox'
import { pollFor } from '../../latency.ts'
import { parseDuration } from '../../util/duration.ts'
import { defineCheck } from '../check-kind.ts'
import { ownTrace } from '../traces.ts'
import { fail, pass } from '../verdict.ts'
import type { WalkStep } from '../walks.ts'

const USUAL = '5m'

/** The walk on the lab's page, made on this attempt's data: from a metric's dot to its trace, and to a line of it. */
export const walk = defineCheck({
  name: 'walk',
  about: "That the learner goes from an exemplar's dot to its trace to one of its log lines, on the lab's page",
  parameters: {
    ends: Type.Optional(
      Type.Unsafe<'trace' | 'line'>({
        type: 'string',
        enum: ['trace', 'line'],
        description: 'How far it goes; to a line unless said',
      }),
    ),
    failed: Type.Optional(Type.Boolean({ description: 'Only a trace with a span that failed will do' })),
    within: Type.Optional(Type.String({ description: `How long the learner has for it; ${USUAL} unless said` })),
  },
  words: {
    expected: 'a walk on the page, from a dot of this run to its trace to a line of that trace',
    why: 'Seeing what leads from one store to the next is what the ids are for',
  },
  lint: ({ within = USUAL }) => (parseDuration(within) === undefined ? [`within: ${within} is no duration`] : []),
  async run(context, { ends = 'line', failed = false, within = USUAL }) {
    const { lab, attempt } = context
    const next = `otel-lab open ${attempt.runId}`
    if (lab.walks === undefined) return fail('no-page', 'this lab keeps no steps of its page', { next })
    const began = lab.now()
    const deadline = began + (parseDuration(within) ?? 0)
    let steps: WalkStep[] = []
    const sound = new Set<string>()
    const whole = async () => {
      steps = (await lab.walks!(attempt.runId)).filter(({ at }) => at >= attempt.startedAt)
      for (const dot of steps.filter(({ step }) => step === 'dot')) {
        const line = steps.find((one) => one.step === 'line' && one.traceId === dot.traceId && one.at >= dot.at)
        if (ends === 'line' && line === undefined) continue
        if (failed && !sound.has(dot.traceId)) {
          const trace = await ownTrace(context, dot.traceId)
          if (!trace?.spans.some(({ status }) => status.code === 'error')) continue
          sound.add(dot.traceId)
        }
        return { dot, line }
      }
      return undefined
    }
    const found = await pollFor(
      {
        now: lab.now,
        deadline: () => deadline,
        age: () => lab.now() - began,
        leastMs: 300,
        ...(lab.signal ? { signal: lab.signal } : {}),
        onWait: () => lab.onWait(`waiting for the walk on the page: ${next}`),
      },
      whole,
    ).finally(() => lab.onWait(undefined))
    if (found) {
      const { dot, line } = found.answer
      const to = line ? ` to its line at ${new Date(Number(line.line!.slice(0, -6))).toISOString().slice(11, 23)}` : ''
      return pass(`from a dot to trace ${dot.traceId.slice(0, 8)}${to}`, { traceId: dot.traceId })
    }
    const dots = steps.filter(({ step }) => step === 'dot')
    if (dots.length === 0)
      return fail('not-walked', `no dot of run ${attempt.runId} was clicked on the page within ${within}`, { next })
    if (ends === 'line' && !steps.some(({ step }) => step === 'line'))
      return fail('no-line', `the walk went to trace ${dots[0]!.traceId.slice(0, 8)} and to no log line of it`, {
        next,
      })
    return fail('other-trace', 'the walk went along other traces than what was asked for', { next })
  },
})
