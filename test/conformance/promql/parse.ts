import { parseExpr } from '../../../src/embedded/prometheus/promql/parse.ts'
import { print } from '../../../src/embedded/prometheus/promql/print.ts'
import { QueryError } from '../../../src/errors.ts'
import type { Tally } from '../traceql/tally.ts'

export interface ParseSuite {
  parse: { query: string; fail: boolean }[]
  print: { in: string; out: string }[]
}

/** Expressions that must parse, must not, or must print as given; the suite switches experimental syntax on. */
export function parseCases(suite: ParseSuite, tally: Tally): void {
  const read = (query: string) => parseExpr(query, { experimental: true })
  tally(
    'parse',
    suite.parse.map(({ query, fail }) => {
      try {
        read(query)
        return [!fail, `must fail: ${query.slice(0, 100)}`]
      } catch (error) {
        const why = error instanceof QueryError ? error.message : `not a QueryError: ${(error as Error).stack}`
        return [fail && error instanceof QueryError, `${query.slice(0, 100)}: ${why}`]
      }
    }),
  )
  tally(
    'print',
    suite.print.map(({ in: given, out }) => {
      try {
        const printed = print(read(given))
        return [printed === out, `${given} printed as ${printed}`]
      } catch (error) {
        return [false, `${given}: ${(error as Error).message}`]
      }
    }),
  )
}
