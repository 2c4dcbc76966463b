import type { Static, TObject, TProperties } from '@sinclair/typebox'
import type { CheckContext } from './context.ts'
import type { CheckSpec } from './exercise.ts'
import type { Outcome } from './verdict.ts'

/**
 * One kind of check: its name in exercise.yaml, the schema of its parameters (from which editors, loader and types
 * all read), and how it judges. It gets its parameters with every `${name}` filled in, looks at nothing but the
 * attempt, and asks again and again until the answer is there or the deadline has come.
 */
export interface CheckKind<P extends TProperties = TProperties> {
  name: string
  /** For editors: what it looks for. */
  about: string
  parameters: P
  /** What is expected and why it matters, where the exercise does not say. */
  words: { expected: string; why: string }
  /** Faults that a schema cannot tell, such as a query that does not name the run; told by `course lint` and the loader. */
  lint?(spec: SpecOf<P>): string[]
  run(context: CheckContext, spec: SpecOf<P>): Promise<Outcome>
}

export type SpecOf<P extends TProperties> = CheckSpec & Static<TObject<P>>

/** As the registry holds them, all alike: the schema has made sure that each gets the parameters it asks for. */
// biome-ignore lint/suspicious/noExplicitAny: each knows its own parameters
export type AnyCheckKind = CheckKind<any>

export const defineCheck = <P extends TProperties>(kind: CheckKind<P>): CheckKind<P> => kind
