import { defineAnswer } from '../answer-kind.ts'
import { durationsOf, isNear } from '../readings.ts'
import { fail, pass } from '../verdict.ts'
import { seconds } from '../wait.ts'
import { readDuration } from './read/duration.ts'
import { gone, unreadable } from './shared.ts'
import { withinAttempt } from './times.ts'

/** How long the app took. */
export const duration = defineAnswer({
  as: 'duration',
  about: 'How long the program took: its root span, its own words, or around it',
  parameters: {},
  async grade(context, spec, _how, text) {
    const { attempt } = context
    const read = readDuration(text, { within: withinAttempt(attempt) })
    if (!read.ok) return unreadable(context, spec.answer, text, read)
    const ms = read.value
    const readings = await durationsOf(context)
    if (readings.length === 0) return gone(context)
    const query = `otel-lab trace ${attempt.traces[0]}`
    if (isNear(ms, readings)) return pass(`${text} (${seconds(ms)}): right`, { query, traceId: attempt.traces[0]! })
    const { sightings, startedAt } = attempt
    const whole = sightings.map(({ at }) => ({ what: 'until visible', ms: at - startedAt }))
    if (whole.length > 0 && isNear(ms, whole)) {
      return fail('until-visible', `${text} is the time until the trace was to be seen, not what the app took`, {
        why: 'The app is long done when its trace shows; that gap is what this exercise is about',
        next: `Count from the app's start to its end in the timeline, or see the root span: ${query}`,
        query,
      })
    }
    return fail('wrong', `${text} (${seconds(ms)}) is not what the app took in run ${attempt.runId}`, {
      next: `See how long the root span is: ${query}`,
      query,
    })
  },
})
