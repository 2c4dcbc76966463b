import type { Attribute, Intrinsic, Scope, Static } from '../../../src/embedded/tempo/traceql/ast.ts'
import type { EvalSpan } from '../../../src/embedded/tempo/traceql/evaluate/fetched.ts'
import { runPipeline, type Spanset } from '../../../src/embedded/tempo/traceql/evaluate/pipeline.ts'
import { createParser } from '../../../src/embedded/tempo/traceql/parse.ts'
import { printQuery } from '../../../src/embedded/tempo/traceql/print.ts'
import { validate } from '../../../src/embedded/tempo/traceql/validate.ts'
import { broke, judged, type Tally } from '../shared/tally.ts'

interface SuiteAttribute {
  scope: string
  name: string
  type: string
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the suite holds
  value: any
}

interface SuiteSpan {
  id?: string
  attrs: SuiteAttribute[]
  nestedSet?: { parent: number; left: number; right: number }
}

interface SuiteSet {
  spans: SuiteSpan[]
  attributes?: SuiteAttribute[]
  scalar?: { type: string; value: unknown }
}

export interface UnitSuite {
  eval: { test: string; line: number; query: string; input: SuiteSet[]; output: SuiteSet[] }[]
  match: { line: number; query: string; span: SuiteSpan; matches: boolean }[]
  parse_errors: { line: number; query: string; err: { msg: string; line: number; col: number } | null }[]
  parse_ok: { line: number; query: string; canonical?: string }[]
  examples: Record<'valid' | 'parse_fails' | 'validate_fails' | 'unsupported', string[]>
}

function staticOf({ type, value }: { type: string; value: unknown }): Static {
  const integers = (v: unknown) => (Array.isArray(v) ? v.map(BigInt) : BigInt(v as number))
  const known = type === 'duration_ns' ? 'duration' : type
  const integral = known === 'int' || known === 'int[]' || known === 'duration'
  return { node: 'static', type: known, value: integral ? integers(value) : value } as Static
}

const lowerFirst = (s: string) => s[0]!.toLowerCase() + s.slice(1)

class MockSpan implements EvalSpan {
  readonly source: SuiteSpan
  readonly left: number
  readonly right: number
  readonly parentLeft: number
  constructor(source: SuiteSpan) {
    this.source = source
    this.left = source.nestedSet?.left ?? 0
    this.right = source.nestedSet?.right ?? 0
    this.parentLeft = source.nestedSet?.parent ?? 0
  }

  attribute(a: Attribute): Static | undefined {
    const find = (scope: Scope | 'intrinsic', name: string) =>
      this.source.attrs.find((s) => s.scope === scope && s.name === name)
    const own = a.intrinsic && this.#intrinsic(a.intrinsic)
    const found =
      own ??
      find(a.scope, a.name) ??
      (a.scope === 'none' ? (find('span', a.name) ?? find('resource', a.name)) : undefined)
    return found && staticOf(found)
  }

  #intrinsic(name: Intrinsic): SuiteAttribute | undefined {
    return this.source.attrs.find(
      (s) => s.scope === 'intrinsic' && lowerFirst(s.name.replace('Intrinsic', '')) === name,
    )
  }
}

const canonical = (v: unknown): string => JSON.stringify(v, (_, x) => (typeof x === 'bigint' ? Number(x) : x))
const spanKey = (s: SuiteSpan) => canonical(s)
const attributeKey = (name: string, s: Static) => canonical([name, s.type, 'value' in s ? s.value : null])

function setKey(spans: string[], attributes: string[]): string {
  return `${spans.sort().join()} ${attributes.sort().join()}`
}

const NEWER = 'newer than Tempo 3.0.3, which stack/compose.yaml pins and which refuses a metrics query in parentheses'

/** Whether a metrics function stands in parentheses, as in `({} | rate()) * 100`. The suite is of a later Tempo. */
function isMetricsArithmetic(query: string): boolean {
  let depth = 0
  for (const [token] of query.matchAll(/"(?:[^"\\]|\\.)*"|`[^`]*`|[()]|\|\s*(?:rate|compare|\w+_over_time)\b/g)) {
    if (token === '(') depth++
    else if (token === ')') depth--
    else if (token.startsWith('|') && depth > 0) return true
  }
  return false
}

interface Outcome {
  canonical?: string
  fault?: string
  error?: string
}

/** The unit part of the suite: what parses, what validates, what is said, and what pipelines make of spansets. */
export async function unitCases(suite: UnitSuite, tally: Tally): Promise<void> {
  const parse = createParser()
  const outcome = (query: string): Outcome => {
    try {
      const parsed = parse(query)
      const fault = validate(parsed)
      return { canonical: printQuery(parsed), ...(fault !== undefined && { fault }) }
    } catch (error) {
      if (broke(error)) throw error
      return { error: (error as Error).message }
    }
  }
  const put = async <T extends { query: string }>(name: string, list: T[], check: (c: T) => boolean) => {
    const work = (c: T) => (check(c) ? undefined : `got ${canonical(outcome(c.query))}, wanted ${canonical(c)}`)
    const judge = (cases: T[]) => Promise.all(cases.map((c) => judged(c.query, () => work(c))))
    const newer = list.filter(({ query }) => isMetricsArithmetic(query))
    tally(name, await judge(list.filter((c) => !newer.includes(c))))
    if (newer.length > 0) tally(`${name}, arithmetic over metrics`, await judge(newer), NEWER)
  }
  const examples = (kind: keyof UnitSuite['examples'], check: (o: Outcome) => boolean) =>
    put(
      `examples, ${kind}`,
      suite.examples[kind].map((query) => ({ query })),
      (c) => check(outcome(c.query)),
    )
  await examples('valid', (o) => o.error === undefined && o.fault === undefined)
  await examples('parse_fails', (o) => o.error !== undefined)
  await examples('validate_fails', (o) => o.error === undefined && o.fault !== undefined)
  await examples('unsupported', (o) => o.fault?.endsWith('not yet supported') ?? false)
  await put('parse errors', suite.parse_errors, ({ query, err }) => {
    const { error } = outcome(query)
    return err === null ? error !== undefined : error === `parse error at line ${err.line}, col ${err.col}: ${err.msg}`
  })
  await put('parses, in canonical form', suite.parse_ok, ({ query, canonical: wanted }) =>
    // Attributes and intrinsics stand there without their braces.
    [query, `{ ${query} }`].map(outcome).some((o) => o.error === undefined && (wanted ?? o.canonical) === o.canonical),
  )
  const run = (query: string, input: SuiteSet[]) => {
    const { pipeline } = parse(query)
    const sets: Spanset<MockSpan>[] = input
      .filter((set) => set.spans.length > 0)
      .map((set) => ({ spans: set.spans.map((s) => new MockSpan(s)), attributes: [] }))
    return runPipeline(pipeline, sets, new Map())
  }
  await put('evaluation', suite.eval, ({ test, query, input, output }) => {
    // The tests of this name want an error, which the suite writes as no output.
    if (test.endsWith('Unsupported')) return says(() => run(query, input), 'unsupported operation')
    const keys = run(query, input).map((set) =>
      setKey(
        set.spans.map((s) => spanKey(s.source)),
        set.attributes.map((a) => attributeKey(a.name, a.value)),
      ),
    )
    const wanted = output.map((set) =>
      setKey(
        set.spans.map(spanKey),
        (set.attributes ?? []).map((a) => attributeKey(a.name, staticOf(a))),
      ),
    )
    return keys.sort().join('\n') === wanted.sort().join('\n')
  })
  await put('match', suite.match, ({ query, span, matches }) => run(query, [{ spans: [span] }]).length > 0 === matches)
}

function says(work: () => unknown, words: string): boolean {
  try {
    work()
    return false
  } catch (error) {
    return (error as Error).message === words
  }
}
