import type { AnyAnswerKind } from '../answer-kind.ts'
import { choice } from './choice.ts'
import { delay } from './delay.ts'
import { duration } from './duration.ts'
import { failure } from './failure.ts'
import { moment } from './moment.ts'
import { number } from './number.ts'
import { query } from './query.ts'
import { span } from './span.ts'
import { traceId } from './trace-id.ts'

/** By the names that `grade: { as: ... }` uses. */
export const ANSWER_KINDS: readonly AnyAnswerKind[] = [
  choice,
  delay,
  duration,
  failure,
  moment,
  number,
  query,
  span,
  traceId,
]
