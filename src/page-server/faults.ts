import type { Context } from 'hono'
import { EXIT, LabError, QueryError } from '../errors.ts'
import type { Fault } from './answers.ts'

/** A request that is wrong in itself. */
export class BadRequest extends Error {}

/** What went wrong, for the page: a refused query with its place, a backend that is away with the next command. */
export function faultOf(error: unknown): { fault: Fault; status: 400 | 502 | 500 } {
  if (error instanceof QueryError) {
    const { message, position, length, hint } = error
    return { fault: { message, position, length, ...(hint ? { hint } : {}) }, status: 400 }
  }
  if (error instanceof BadRequest) return { fault: { message: error.message }, status: 400 }
  if (error instanceof LabError) {
    const status = error.exit === EXIT.usage ? 400 : 502
    return { fault: { message: error.message, ...(error.hint ? { hint: error.hint } : {}) }, status }
  }
  return { fault: { message: `a bug of otel-lab: ${(error as Error).message}` }, status: 500 }
}

export function answerFault(error: unknown, c: Context): Response {
  const { fault, status } = faultOf(error)
  return c.json({ error: fault }, status)
}
