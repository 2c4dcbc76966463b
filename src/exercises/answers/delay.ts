import { Type } from '@sinclair/typebox'
import { defineAnswer } from '../answer-kind.ts'
import { delaysOf, isNear, momentsOf } from '../readings.ts'
import { fail, pass } from '../verdict.ts'
import { seconds } from '../wait.ts'
import { fitTogether } from './fit.ts'
import { readDuration } from './read/duration.ts'
import { gone, neverSeen, unreadable } from './shared.ts'
import { withinAttempt } from './times.ts'

const SCRAPE_MS = 15_000
/** Within the slack of a short delay, yet a different answer. */
const NOTHING_MS = 50

/** How long it took from the end of the processing until the trace was to be seen. */
export const delay = defineAnswer({
  as: 'delay',
  about: 'How long from the end of the work until it was visible',
  parameters: {
    fits: Type.Optional(
      Type.String({
        description: 'The key of the moment of appearance, given in the same attempt: both must fit together',
      }),
    ),
  },
  async grade(context, spec, how, text) {
    const { attempt } = context
    const read = readDuration(text, { within: withinAttempt(attempt) })
    if (!read.ok) return unreadable(context, spec.answer, text, read)
    const ms = read.value
    const moments = await momentsOf(context)
    if (moments === undefined) return gone(context)
    const delays = delaysOf(moments)
    if (delays.length === 0) return neverSeen(context)
    const query = `otel-lab trace ${attempt.traces[0]}`
    const next = 'Take the line where the app has ended from the line where Tempo has the trace'
    if (ms < NOTHING_MS && delays.every((one) => one.ms >= NOTHING_MS)) {
      return fail('instant', `${text} would mean that the trace was there at once`, {
        why: 'Every span waits in the SDK and then up to a second in the batch processor before it leaves the collector',
        next,
        query,
      })
    }
    if (isNear(ms, delays)) {
      const misfit = how.fits === undefined ? undefined : fitTogether(context, how.fits, ms, moments)
      return misfit ?? pass(`${text} (${seconds(ms)}): right`, { query, traceId: attempt.traces[0]! })
    }
    const fromStart = attempt.sightings.map(({ at }) => ({ what: 'from the start', ms: at - moments.started }))
    if (isNear(ms, fromStart)) {
      return fail('from-start', `${text} counts from the app's start; the delay begins when the work is done`, {
        next,
        query,
      })
    }
    if (Math.abs(ms - SCRAPE_MS) < 1_000) {
      return fail('scrape', `${text} is the scrape interval of Prometheus`, {
        why: 'Only metrics wait for a scrape. Traces are pushed, so they show sooner',
        next,
        query,
      })
    }
    return fail('wrong', `${text} (${seconds(ms)}) is not the delay of run ${attempt.runId}`, { next, query })
  },
})
