import type { CheckContext } from '../context.ts'
import { timeOfDay } from '../observe.ts'
import { type Moments, slack } from '../readings.ts'
import { fail, type Outcome } from '../verdict.ts'
import { seconds } from '../wait.ts'
import { readMoment } from './read/moment.ts'
import { momentScope } from './times.ts'

/** Clocks are read to the second. */
const CLOCK_MS = 1_000

/**
 * The moment of appearance, less the delay, is when the work ended; else the two are of different ways (by id, by
 * search) or of different runs. Undefined when they fit, or when the moment was not given.
 */
export function fitTogether(
  { attempt, answers }: CheckContext,
  key: string,
  delayMs: number,
  { processed, exited }: Moments,
): Outcome | undefined {
  const text = answers[key]
  const read = text === undefined ? undefined : readMoment(text, momentScope(attempt))
  if (!read?.ok) return undefined
  const ended = read.value - delayMs
  const most = CLOCK_MS + slack(delayMs)
  if (ended >= Math.min(processed, exited) - most && ended <= Math.max(processed, exited) + most) return undefined
  return fail('no-fit', `${seconds(delayMs)} before ${text} is ${timeOfDay(ended)}, and the work did not end then`, {
    why: "The app's time and the delay together lead from the start to the moment of appearance; by id and by search have a moment and a delay each",
    next: 'Take both from the same line of the timeline',
  })
}
