import type { Context } from 'hono'
import type { Window } from '../backends/time.ts'
import { BadRequest } from './faults.ts'

const MAX_QUERY = 100_000

/** `query`, bounded; it may be long, never endless. */
export function queryParam(c: Context): string {
  const query = c.req.query('query') ?? ''
  if (query.trim() === '') throw new BadRequest('the query is empty')
  if (query.length > MAX_QUERY) throw new BadRequest(`the query has more than ${MAX_QUERY} characters`)
  return query
}

/** `start` and `end` in milliseconds since the epoch. */
export function windowParam(c: Context): Window {
  const [start, end] = [numberParam(c, 'start'), numberParam(c, 'end')]
  if (end <= start) throw new BadRequest('end is not after start')
  return { start, end }
}

export function numberParam(c: Context, name: string, bounds: { least?: number; most?: number; or?: number } = {}) {
  const text = c.req.query(name)
  if (text === undefined && bounds.or !== undefined) return bounds.or
  const value = Number(text)
  if (text === undefined || text === '' || !Number.isFinite(value)) throw new BadRequest(`${name} is no number`)
  return Math.min(bounds.most ?? Number.MAX_SAFE_INTEGER, Math.max(bounds.least ?? 0, value))
}

/** Why an answer is empty costs several questions more: only for who shows it. */
export const wantsAdvice = (c: Context): boolean => c.req.query('advice') !== undefined
