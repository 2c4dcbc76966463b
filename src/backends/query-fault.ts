import { EXIT, LabError, QueryError } from '../errors.ts'
import type { HttpAnswer } from '../util/http.ts'
import { type HttpBackend, saidIn } from './http.ts'

/** Statuses with which a backend may refuse a query as written; see `queryFault`. */
export const REFUSALS = [400, 422]

/**
 * What a backend says of a query, as an error with a place where it names one. Loki and Tempo say `line 1, col 5`
 * and count characters; Prometheus says `1:5: parse error` and counts bytes. A refusal without a place is of the
 * whole query.
 */
export function queryFault(message: string, query: string): QueryError {
  const inWords = /\bline (\d+), col (\d+)/.exec(message)
  const inNumbers = inWords ? null : /(?:^|[\s"])(\d+):(\d+): /.exec(message)
  const at = inWords ?? inNumbers
  if (at === null || Number(at[1]) === 0) return new QueryError(message, query, 0, query.length)
  const position = offsetOf(query, Number(at[1]), Number(at[2]), inNumbers !== null)
  return new QueryError(message, query, position, wordLength(query, position))
}

/** Turns a refusal of the query into a QueryError; anything else that was refused is a LabError. */
export function throwFault(backend: HttpBackend, message: string, query: string, answer: HttpAnswer): never {
  if (REFUSALS.includes(answer.status)) throw queryFault(message, query)
  throw new LabError('backend-failed', `${backend.name} answers ${answer.status}${saidIn(answer)}`, {
    hint: 'otel-lab status',
    exit: EXIT.broken,
  })
}

/** Line and column count from 1; the column in bytes of UTF-8 or in code points. */
function offsetOf(query: string, line: number, column: number, bytes: boolean): number {
  const lines = query.split('\n')
  const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0)
  let left = column - 1
  let offset = 0
  for (const char of lines[line - 1] ?? '') {
    if (left <= 0) break
    left -= bytes ? Buffer.byteLength(char) : 1
    offset += char.length
  }
  return Math.min(query.length, before + offset)
}

const wordLength = (query: string, at: number) => /^[\p{L}\p{N}_.:]+/u.exec(query.slice(at))?.[0].length ?? 1
