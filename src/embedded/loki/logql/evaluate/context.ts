import { QueryError } from '../../../../errors.ts'
import type { Surroundings } from '../pipeline/compile.ts'
import type { Statistics } from '../results.ts'
import type { LogSource } from '../source.ts'
import type { Steps } from './matrix.ts'

/** What evaluating a query needs, all the way down. */
export interface Context {
  source: LogSource
  steps: Steps
  around: Surroundings
  statistics: Statistics
  checkpoint: () => Promise<void> | undefined
  /** Characters since the last checkpoint, and a little for each line. */
  work: number
  /** More cells (series times steps) and more samples than this a query may not make. */
  maxCells: number
  maxSamples: number
}

/** A query that is well formed but cannot be answered. */
export function refuse(context: Context, message: string): QueryError {
  return new QueryError(message, context.around.query, 0, context.around.query.length)
}

/** So much at most between two checkpoints; an expression at its slowest takes seconds over it. */
const TURN = 16 * 1024

/** Whether it is time for a checkpoint. */
export function isTurn(context: Context, line: string): boolean {
  context.work += line.length + 128
  if (context.work < TURN) return false
  context.work = 0
  return true
}
