import { QueryError } from '../../../errors.ts'
import { HttpRefusal } from '../../http.ts'
import type { Query } from '../traceql/ast.ts'
import type { Parse } from '../traceql/parse.ts'
import { validate } from '../traceql/validate.ts'

/** Parses and checks a query; a fault is a 400 in the words of Tempo's front end. */
export function compiled(parse: Parse, text: string): Query {
  let query: Query
  try {
    query = parse(text)
  } catch (error) {
    if (!(error instanceof QueryError)) throw error
    throw new HttpRefusal(400, `invalid TraceQL query: ${error.message}`)
  }
  const fault = validate(query)
  if (fault !== undefined) throw new HttpRefusal(400, `invalid TraceQL query: ${fault}`)
  return query
}
