import { parseExpr } from '../../../src/embedded/prometheus/promql/parse.ts'
import { print } from '../../../src/embedded/prometheus/promql/print.ts'
import { QueryError } from '../../../src/errors.ts'
import { judged, refusalFault, type Tally } from '../shared/tally.ts'

export interface ParseSuite {
  parse: { query: string; fail: boolean; experimental?: boolean }[]
  print: { in: string; out: string }[]
}

/** What a refused expression is told: where, in lines and columns of bytes, and then what. */
const WORDS = /^(?:invalid parameter "query": )?\d+:\d+: parse error: .+|^parse error: .+/s

/**
 * Expressions that must parse, must not, or must print as given; experimental syntax is switched on. The suite gives no
 * words for what must fail: they must have the form of Prometheus', and stand at a place in the query.
 */
export async function parseCases(suite: ParseSuite, tally: Tally): Promise<void> {
  const read = (query: string) => parseExpr(query, { experimental: true })
  const parse = ({ query, fail }: ParseSuite['parse'][number]) => {
    try {
      read(query)
      return fail ? 'must fail' : undefined
    } catch (error) {
      if (!fail) throw error
      return refusalFault(error) ?? formFault(error as QueryError)
    }
  }
  tally('parse', await Promise.all(suite.parse.map((c) => judged(c.query.slice(0, 100), () => parse(c)))))
  const printing = ({ in: given, out }: ParseSuite['print'][number]) => {
    const printed = print(read(given))
    return printed === out ? undefined : `printed as ${printed}`
  }
  tally('print', await Promise.all(suite.print.map((c) => judged(c.in, () => printing(c)))))
}

function formFault(error: QueryError): string | undefined {
  if (!(error instanceof QueryError)) return `not a QueryError: ${error}`
  if (!WORDS.test(error.message)) return `says ${error.message}`
  const end = error.position + error.length
  return error.position >= 0 && end <= error.query.length + 1 ? undefined : `points at ${error.position} to ${end}`
}
