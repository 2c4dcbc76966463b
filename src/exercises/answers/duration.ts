import { defineAnswer } from '../answer-kind.ts'
import { readDuration } from '../answers.ts'
import { durationsOf, isNear } from '../readings.ts'
import { fail, pass } from '../verdict.ts'
import { seconds } from '../wait.ts'
import { gone, unreadable } from './shared.ts'

/** How long the app took. */
export const duration = defineAnswer({
  as: 'duration',
  about: 'How long the program took: its root span, its own words, or around it',
  parameters: {},
  async grade(context, spec, _how, text) {
    const { attempt } = context
    const given = readDuration(text)
    if (given === undefined) return unreadable(context, spec, text)
    const readings = await durationsOf(context)
    if (readings.length === 0) return gone(context)
    const query = `otel-lab trace ${attempt.traces[0]}`
    if (isNear(given.ms, readings)) return pass(`${text}: right`, { query, traceId: attempt.traces[0]! })
    if (!given.unit && isNear(given.ms / 1000, readings)) {
      return fail('unit', `${text} without a unit is taken for seconds`, { next: `Write ${text}ms`, query })
    }
    const { sightings, startedAt } = attempt
    const whole = sightings.map(({ at }) => ({ what: 'until visible', ms: at - startedAt }))
    if (whole.length > 0 && isNear(given.ms, whole)) {
      return fail('until-visible', `${text} is the time until the trace was to be seen, not what the app took`, {
        why: 'The app is long done when its trace shows; that gap is what this exercise is about',
        next: `Count from the app's start to its end in the timeline, or see the root span: ${query}`,
        query,
      })
    }
    return fail('wrong', `${text} (${seconds(given.ms)}) is not what the app took in run ${attempt.runId}`, {
      next: `See how long the root span is: ${query}`,
      query,
    })
  },
})
