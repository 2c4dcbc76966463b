import { createLogql } from '../../../src/embedded/loki/logql/create-logql.ts'
import { createParser } from '../../../src/embedded/loki/logql/parse.ts'
import { prettyExpression } from '../../../src/embedded/loki/logql/pretty.ts'
import { printExpression } from '../../../src/embedded/loki/logql/print.ts'
import type { Tally } from '../traceql/tally.ts'

export interface FocusedSuite {
  parse: { query: string; ok: boolean; err?: { parse_error: string; line: number; col: number } }[]
  filter_matcher: {
    query: string
    lines: { l: string; e: boolean }[]
    matchers: { label: string; op: string; value: string }[]
  }[]
  stringer: { in: string; out: string }[]
  sample_strings: string[]
  sample_fail: string[]
  format: { in: string; exp: string }[]
}

const parse = createParser()
const logql = createLogql(() => BigInt(Date.now()) * 1_000_000n)

function attempt<T>(work: () => T): T | { error: string } {
  try {
    return work()
  } catch (error) {
    return { error: (error as Error).message }
  }
}

const isError = (value: unknown): value is { error: string } =>
  typeof value === 'object' && value !== null && 'error' in value

/** What parses, what is said where it does not, and what is printed. */
export function syntaxCases(suite: FocusedSuite, tally: Tally): void {
  const outcome = (query: string) => attempt(() => printExpression(parse(query)))
  const said = (query: string) => {
    const got = outcome(query)
    return isError(got) ? got.error : ''
  }
  tally(
    'parse',
    suite.parse.map(({ query, ok, err }) => {
      const got = said(query)
      const where = err === undefined || err.line === 0 ? ' ' : ` at line ${err.line}, col ${err.col}`
      const wanted = ok ? '' : `parse error${where}: ${err?.parse_error}`
      return [err === undefined && !ok ? got !== '' : got === wanted, `${query}: ${got} wanted ${wanted}`]
    }),
  )
  tally(
    'print',
    suite.stringer.map(({ in: query, out }) => [outcome(query) === out, `${query}: ${JSON.stringify(outcome(query))}`]),
  )
  tally('print and parse again', [
    ...suite.sample_strings.map((query): [boolean, string] => {
      const printed = outcome(query)
      return [!isError(printed) && outcome(printed) === printed, `${query}: ${JSON.stringify(printed)}`]
    }),
    ...suite.sample_fail.map((query): [boolean, string] => [isError(outcome(query)), query]),
  ])
  tally(
    'format',
    suite.format.map(({ in: query, exp }) => {
      const got = attempt(() => prettyExpression(parse(query), 20))
      return [got === exp, `${query}:\n${isError(got) ? got.error : got}\nwanted\n${exp}`]
    }),
  )
  tally(
    'filter lines',
    suite.filter_matcher.map(({ query, lines }) => {
      const run = attempt(() => logql.pipeline(logql.parse(query)).forStream([['app', 'foo']]))
      if (isError(run)) return [false, `${query}: ${run.error}`]
      const bad = lines.filter(({ l, e }) => (run({ nanos: 0n, line: l, metadata: [] }) !== undefined) !== e)
      return [bad.length === 0, `${query}: ${JSON.stringify(bad)}`]
    }),
  )
}
