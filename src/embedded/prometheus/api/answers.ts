import type { Context } from 'hono'
import { LabError, QueryError } from '../../../errors.ts'
import { HttpRefusal } from '../../http.ts'
import { RegexpTooSlow } from '../../series/regexp.ts'
import { EvaluationError } from '../promql/errors.ts'
import { withoutStrayBytes } from '../promql/lex/bytes.ts'
import { lineAndColumn } from '../promql/position.ts'

/** As the real API's errorType. */
type ErrorType = 'bad_data' | 'execution' | 'timeout' | 'canceled' | 'internal' | 'unavailable' | 'not_found'

const STATUS = {
  bad_data: 400,
  execution: 422,
  timeout: 503,
  canceled: 499,
  internal: 500,
  unavailable: 503,
  not_found: 404,
}

/** An error of the API, with its type. */
export class ApiError extends Error {
  readonly type: ErrorType
  constructor(type: ErrorType, message: string) {
    super(message)
    this.name = 'ApiError'
    this.type = type
  }
}

export const badParameter = (name: string, why: string) =>
  new ApiError('bad_data', `invalid parameter "${name}": ${why}`)

export function success(c: Context, data: unknown, more: { warnings?: string[]; infos?: string[] } = {}): Response {
  const { warnings = [], infos = [] } = more
  return c.json({
    status: 'success',
    data,
    ...(warnings.length > 0 && { warnings }),
    ...(infos.length > 0 && { infos }),
  })
}

/** `{"status":"error",...}` for anything thrown. */
export function failure(c: Context, error: unknown): Response {
  const { type, message } = classify(error)
  return c.json({ status: 'error', errorType: type, error: withoutStrayBytes(message) }, STATUS[type] as 400)
}

function classify(error: unknown): { type: ErrorType; message: string } {
  if (error instanceof ApiError) return error
  if (error instanceof QueryError) return { type: 'bad_data', message: `invalid parameter "query": ${located(error)}` }
  if (error instanceof EvaluationError) return { type: error.kind, message: error.message }
  if (error instanceof RegexpTooSlow) return { type: 'execution', message: error.message }
  if (error instanceof HttpRefusal) return { type: 'bad_data', message: error.message }
  if (error instanceof LabError) return { type: 'unavailable', message: error.message }
  return { type: 'internal', message: error instanceof Error ? error.message : String(error) }
}

/** `1:5: parse error: ...`, as Prometheus says where; what is no parse error is about the whole query. */
export function located(error: QueryError): string {
  if (!error.message.startsWith('parse error')) return error.message
  return `${lineAndColumn(error.query, error.position)}: ${error.message}`
}
