import { defineAnswer } from '../answer-kind.ts'
import { anyOf } from '../query.ts'
import { momentsOf } from '../readings.ts'
import { fail, pass } from '../verdict.ts'
import { readMoment } from './read/moment.ts'
import { gone, neverSeen, unreadable } from './shared.ts'
import { momentScope } from './times.ts'

/** Clocks are read to the second. */
const SLACK_MS = 1_000

/** When the trace appeared in Tempo: by id or by search, as a time of day or counted from the app's start. */
export const moment = defineAnswer({
  as: 'moment',
  about: 'When the trace appeared in Tempo: a time of day, or counted from the start',
  parameters: {},
  async grade(context, spec, _how, text) {
    const { attempt } = context
    const read = readMoment(text, momentScope(attempt))
    if (!read.ok) return unreadable(context, spec.answer, text, read)
    const moment = read.value
    const moments = await momentsOf(context)
    if (moments === undefined) return gone(context)
    const seen = [moments.byId, moments.bySearch].filter((at) => at !== undefined)
    if (seen.length === 0) return neverSeen(context)
    const query = `otel-lab query tempo '${anyOf('traceql', attempt.runId)}'`
    if (moment >= Math.min(...seen) - SLACK_MS && moment <= Math.max(...seen) + SLACK_MS) {
      return pass(`${text}: right`, { query, traceId: attempt.traces[0]! })
    }
    if (Math.abs(moment - moments.exited) <= SLACK_MS || Math.abs(moment - moments.processed) <= SLACK_MS) {
      return fail('end-of-app', `${text} is when the app ended; Tempo did not have the trace then`, {
        why: 'Between the two lie the SDK, the collector with its batch, and Tempo itself',
        next: 'Look for the line in the timeline where Tempo has the trace',
        query,
      })
    }
    if (moment < attempt.startedAt - SLACK_MS) {
      return fail('before-attempt', `${text} lies before this attempt began`, {
        why: 'Another trace, of an earlier run, says nothing of this one',
        next: `Look at run ${attempt.runId}: ${query}`,
        query,
      })
    }
    return fail('wrong', `${text} is not when the trace of run ${attempt.runId} appeared`, {
      next: 'Look for the line in the timeline where Tempo has the trace: a time of day, or seconds since the start',
      query,
    })
  },
})
