import { createLogql } from '../../../src/embedded/loki/logql/create-logql.ts'
import { createParser } from '../../../src/embedded/loki/logql/parse.ts'
import { prettyExpression } from '../../../src/embedded/loki/logql/pretty.ts'
import { printExpression } from '../../../src/embedded/loki/logql/print.ts'
import { broke, judged, type Tally } from '../shared/tally.ts'

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

/** The value, or what is said of a query that is refused; what is no refusal is thrown on. */
function attempt<T>(work: () => T): T | { error: string } {
  try {
    return work()
  } catch (error) {
    if (broke(error)) throw error
    return { error: (error as Error).message }
  }
}

const isError = (value: unknown): value is { error: string } =>
  typeof value === 'object' && value !== null && 'error' in value

/** What parses, what is said where it does not, and what is printed. */
export async function syntaxCases(suite: FocusedSuite, tally: Tally): Promise<void> {
  const outcome = (query: string) => attempt(() => printExpression(parse(query)))
  const put = async <C>(name: string, cases: C[], title: (c: C) => string, check: (c: C) => string | undefined) =>
    tally(name, await Promise.all(cases.map((c) => judged(title(c), () => check(c)))))
  const unless = (right: boolean, got: unknown) => (right ? undefined : `got ${JSON.stringify(got)}`)

  await put(
    'parse',
    suite.parse,
    ({ query }) => query,
    ({ query, ok, err }) => {
      const got = outcome(query)
      const said = isError(got) ? got.error : ''
      if (ok) return said || undefined
      if (err === undefined) return unless(said !== '', got)
      const wanted = `parse error at line ${err.line}, col ${err.col}: ${err.parse_error}`
      const placeless = `parse error : ${err.parse_error}`
      return said === (err.line === 0 && err.col === 0 ? placeless : wanted)
        ? undefined
        : `says ${said}, wanted ${wanted}`
    },
  )
  await put(
    'print',
    suite.stringer,
    (c) => c.in,
    (c) => unless(outcome(c.in) === c.out, outcome(c.in)),
  )
  const again = (query: string) => {
    const printed = outcome(query)
    return unless(!isError(printed) && outcome(printed) === printed, printed)
  }
  await put('print and parse again', suite.sample_strings, (query) => query, again)
  await put(
    'refused',
    suite.sample_fail,
    (query) => query,
    (query) => unless(isError(outcome(query)), 'no refusal'),
  )
  await put(
    'format',
    suite.format,
    (c) => c.in,
    (c) => {
      const got = attempt(() => prettyExpression(parse(c.in), 20))
      return unless(got === c.exp, [got, c.exp])
    },
  )
  await put(
    'filter lines',
    suite.filter_matcher,
    ({ query }) => query,
    ({ query, lines }) => {
      const run = logql.pipeline(logql.parse(query)).forStream([['app', 'foo']])
      const bad = lines.filter(({ l, e }) => (run({ nanos: 0n, line: l, metadata: [] }) !== undefined) !== e)
      return unless(bad.length === 0, bad)
    },
  )
}
