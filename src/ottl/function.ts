import type { Scene } from './paths.ts'
import type { OttlValue } from './values.ts'

/** A converter of OTTL; `signatures.ts` says what it takes. */
export interface OttlFunction {
  /**
   * Called once for each call that is written, with the arguments that are written out and undefined for the others.
   * Throws on what can never work; may return what is to be run instead.
   */
  prepare?(literals: readonly (OttlValue | undefined)[]): OttlFunction['run'] | undefined
  /** What was not given is undefined. */
  run(args: OttlValue[], scene: Scene): OttlValue
}

export type FunctionTable = Record<string, OttlFunction>

export function of(run: OttlFunction['run']): OttlFunction {
  return { run }
}
