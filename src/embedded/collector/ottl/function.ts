import type { Context, Scene } from './paths.ts'
import type { OttlValue } from './values.ts'

/** A converter of OTTL. Those with a `?` after a parameter's name may be called without it. */
export interface OttlFunction {
  params: readonly string[]
  /** Only to be called where this can be seen. */
  needs?: Context
  /**
   * Called once for each call that is written, with the arguments that are written out and undefined for the others.
   * Throws on what can never work; may return what is to be run instead.
   */
  prepare?(literals: readonly (OttlValue | undefined)[]): OttlFunction['run'] | undefined
  run(args: OttlValue[], scene: Scene): OttlValue
}

export type FunctionTable = Record<string, OttlFunction>

export function of(params: readonly string[], run: OttlFunction['run']): OttlFunction {
  return { params, run }
}
