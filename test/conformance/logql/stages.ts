import { createLogql } from '../../../src/embedded/loki/logql/create-logql.ts'
import { createExtractor } from '../../../src/embedded/loki/logql/evaluate/extract.ts'
import { matchPattern, parsePattern } from '../../../src/embedded/loki/logql/pattern.ts'
import { compileIp } from '../../../src/embedded/loki/logql/pipeline/ip.ts'
import { parseJsonPath } from '../../../src/embedded/loki/logql/pipeline/json-path.ts'
import type { Labels } from '../../../src/embedded/loki/logql/source.ts'
import type { Tally } from '../traceql/tally.ts'

// biome-ignore lint/suspicious/noExplicitAny: whatever JSON the suite holds
type Case = Record<string, any>

const logql = createLogql(() => BigInt(Date.now()) * 1_000_000n)
const labelsOf = (object: object = {}): Labels =>
  Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)) as [string, string][]
const same = (got: unknown, wanted: unknown) => JSON.stringify(got) === JSON.stringify(wanted)

/** Single stages: a line and its labels in, what comes out. */
export function stageCases(cases: Case[], tally: Tally): void {
  const kinds = groupBy(cases)
  for (const [kind, list] of kinds) {
    tally(
      `stage ${kind}`,
      list.flatMap((c): [boolean, string][] => {
        const verdict = judge(c)
        if (verdict === undefined) return []
        return [[verdict.ok, `${JSON.stringify(c)}\n     got ${JSON.stringify(verdict.got)}`]]
      }),
    )
  }
}

function groupBy(cases: Case[]): Map<string, Case[]> {
  const groups = new Map<string, Case[]>()
  for (const c of cases) groups.set(c.test, [...(groups.get(c.test) ?? []), c])
  return groups
}

interface Verdict {
  ok: boolean
  got: unknown
}

/** Undefined for what cannot be asked from outside. */
function judge(c: Case): Verdict | undefined {
  try {
    return judgeOne(c)
  } catch (error) {
    return { ok: false, got: (error as Error).message }
  }
}

function judgeOne(c: Case): Verdict | undefined {
  if (c.parse_fails === true) return fails(() => logql.parse(`{x="y"} ${c.stage}`), c.error)
  switch (c.test) {
    case 'pattern_match': {
      const parsed = parsePattern(c.expr)
      const got = 'error' in parsed ? parsed : matchPattern(parsed.parts, c.line)
      return { ok: same(got, c.captures), got }
    }
    case 'pattern_error': {
      const got = parsePattern(c.expr)
      const wanted = typeof c.error === 'object' ? c.error.error.replace('%w', 'invalid expression') : c.error
      const found = 'error' in got ? got.error : undefined
      return { ok: found === wanted, got }
    }
    case 'jsonexpr_syntax': {
      if (c.error !== undefined) return fails(() => parseJsonPath(c.expression), c.error.error)
      const got = parseJsonPath(c.expression)
      return { ok: same(got, c.want), got }
    }
    case 'ip_filter': {
      const contains = compileIp(c.pat)
      const got = c.input.flatMap((line: string, i: number) => (contains(line) ? [i] : []))
      return { ok: same(got, c.expected), got }
    }
    case 'regex_simplify':
      // How Loki makes filters of regular expressions cannot be seen from outside.
      return undefined
    case 'template_fn': {
      const query = `{x="y"} | line_format "{{ ${c.fn} ${c.c ?? `${c.start} ${c.end}`} ${JSON.stringify(c.s).replaceAll(/["\\]/g, '\\$&')} }}"`
      const got = run(query, '', {}, {})
      return { ok: got?.line === c.want, got }
    }
    case 'unwrap2':
      return unwrapCase(c)
    default:
      return stageCase(c)
  }
}

function fails(work: () => unknown, wanted: string | undefined): Verdict {
  try {
    work()
  } catch (error) {
    const got = (error as Error).message
    return { ok: wanted === undefined || got.includes(wanted), got }
  }
  return { ok: false, got: 'no error' }
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

function stageCase(c: Case): Verdict | undefined {
  // No labels at all, of the strict parser: the suite does not state a result.
  if (c.test === 'logfmt_strict' && Object.keys(c.want).length === 0) return undefined
  const nanos = c.ts_ns === undefined ? undefined : BigInt(c.ts_ns)
  const metadata = { ...c.metadata, ...(c.err !== undefined && { __error__: c.err, __error_details__: 'json error' }) }
  const stage = /^\| (?:keep|drop) $/.test(c.stage) ? '' : (c.stage ?? `| ${c.test}`)
  const got = run(`{x="y"} ${stage}`, c.line ?? 'test line', c.labels ?? {}, metadata, nanos)
  // An empty line is written as an empty list in places.
  const wantLine = Array.isArray(c.wantLine) ? '' : c.wantLine
  const lineFits = wantLine === undefined || got?.line === wantLine
  const labelsFit = c.want === undefined || same(got?.labels, labelsOf(c.want))
  return { ok: lineFits && labelsFit, got }
}

/** The value and the labels that `unwrap` makes of a line with these labels. */
function unwrapCase(c: Case): Verdict {
  const conversion = c.convert === '' ? undefined : c.convert
  const grouped = c.groups === undefined && !c.noLabels
  const grouping = grouped ? undefined : { without: c.without, labels: c.groups ?? [] }
  const extractor = createExtractor(
    {
      node: 'range',
      operation: 'max_over_time',
      parameter: undefined,
      range: {
        logs: { node: 'logs', matchers: [], stages: [] },
        unwrap: { label: c.unwrap, conversion, filters: [] },
        intervalNanos: 1n,
        offsetNanos: 0n,
      },
      grouping,
    },
    undefined,
    { query: '', now: () => SUITE_TIME },
  )
  // Where the label is not among those given, the suite has it in the structured metadata, with the value 15.
  const metadata = c.in.foo === undefined ? { foo: '15' } : {}
  const found = extractor.forStream(labelsOf(c.in))({ nanos: SUITE_TIME, line: '', metadata: labelsOf(metadata) })
  const got = found && { value: found.value, labels: extractor.seriesOf(found.labels) }
  const ok = got !== undefined && got.value === (c.want ?? 0) && same(got.labels, labelsOf(c.wantLbs))
  return { ok: c.ok === false ? got === undefined : ok, got }
}
