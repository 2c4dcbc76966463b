import type { Static, TObject, TProperties } from '@sinclair/typebox'
import type { CheckContext } from './context.ts'
import type { CheckSpec } from './exercise.ts'
import type { Outcome } from './verdict.ts'

/** A check of kind `answer`: which answer it judges. */
export type AnswerCheck = CheckSpec & { answer: string }

/**
 * One way of grading what a learner answers, `grade: { as: NAME, ... }` in exercise.yaml. `grade` is only called
 * when the answer was given; it reads the text, compares it with what the attempt's telemetry says, and gives each
 * way of being wrong its own case and words.
 */
export interface AnswerKind<P extends TProperties = TProperties> {
  as: string
  /** For editors: what it takes and how it is graded. */
  about: string
  parameters: P
  /** Faults that a schema cannot tell. */
  lint?(how: Static<TObject<P>>): string[]
  grade(context: CheckContext, spec: AnswerCheck, how: Static<TObject<P>>, text: string): Promise<Outcome>
}

// biome-ignore lint/suspicious/noExplicitAny: the schema has made sure that each gets the parameters it asks for
export type AnyAnswerKind = AnswerKind<any>

export const defineAnswer = <P extends TProperties>(kind: AnswerKind<P>): AnswerKind<P> => kind
