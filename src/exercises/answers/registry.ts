import type { AnyAnswerKind } from '../answer-kind.ts'
import { delay } from './delay.ts'
import { duration } from './duration.ts'
import { failure } from './failure.ts'
import { moment } from './moment.ts'

/** By the names that `grade: { as: ... }` uses. */
export const ANSWER_KINDS: readonly AnyAnswerKind[] = [delay, duration, failure, moment]
