import { expect, test } from 'vitest'
import { createParser } from '../../../../src/embedded/loki/logql/parse.ts'
import { printExpression } from '../../../../src/embedded/loki/logql/print.ts'
import { QueryError } from '../../../../src/errors.ts'
import { at, logql, sourceOf } from './support.ts'

/** mulberry32: the same numbers each time. */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

const random = seeded(20_260_101)
const pick = <T>(list: readonly T[]): T => list[random(list.length)]!
const some = (most: number, make: () => string, between = ' ') =>
  Array.from({ length: random(most + 1) }, make).join(between)

const NAMES = ['app', 'level', 'status', 'took', 'msg', 'a_b', '__error__', 'rate', 'detected_level']
const TEXTS = ['"x"', '`.*`', '"err|warn"', '"a.*b"', '""', '"é\\n"', '"(?i)go+d"', '"10.0.0.0/8"']
const name = () => pick(NAMES)
const text = () => pick(TEXTS)
const number = () => pick(['0', '1', '-2', '0.5', '1e3', '5m', '2KB', '+Inf', '1h30m'])

const matcher = () => `${name()}${pick(['=', '!=', '=~', '!~'])}${text()}`
const labelFilter = (depth = 0): string => {
  if (depth < 3 && random(3) === 0) {
    return `(${labelFilter(depth + 1)} ${pick(['and', 'or', ','])} ${labelFilter(depth + 1)})`
  }
  return random(2) === 0 ? matcher() : `${name()} ${pick(['>', '>=', '<', '<=', '==', '!='])} ${number()}`
}
const TEMPLATES = [
  '{{.msg}}',
  '{{ .status | int | add 1 }}',
  '{{ if .a_b }}{{ upper .msg }}{{ end }}',
  '{{ range fromJson .msg }}{{ . }}{{ end }}',
  '{{ div .status .took }}',
  '{{',
  '{{ printf "%v %d" .msg .status }}',
]
const stage = () =>
  pick([
    () => `${pick(['|=', '!=', '|~', '!~', '|>', '!>'])} ${text()}`,
    () => `|= ${text()} or ${text()}`,
    () => `${pick(['|=', '!='])} ip(${text()})`,
    () => '| json',
    () => '| json a_b="x.y[0]", msg="[\\"m\\"]"',
    () => `| logfmt ${pick(['', '--strict', '--keep-empty', 'msg="m"'])}`,
    () => '| pattern "<msg> <_> <status>"',
    () => '| regexp "(?P<msg>\\\\w+)=(?P<status>\\\\d*)"',
    () => '| unpack',
    () => `| ${labelFilter()}`,
    () => `| line_format \`${pick(TEMPLATES)}\``,
    () => `| label_format ${name()}=${name()}, zz=\`${pick(TEMPLATES)}\``,
    () => `| ${pick(['drop', 'keep'])} ${name()}, ${matcher()}`,
    () => '| decolorize',
  ])()
const logs = () => `{app=~".+"} ${some(4, stage)}`
const metric = (depth = 0): string => {
  if (depth > 3 || random(3) === 0) {
    const unwrap = random(2) === 0 ? `| unwrap ${pick(['status', 'duration(took)', 'bytes(msg)'])}` : ''
    const operation =
      unwrap === ''
        ? ['rate', 'count_over_time', 'bytes_rate', 'absent_over_time']
        : ['sum_over_time', 'max_over_time', 'stddev_over_time', 'rate_counter', 'last_over_time']
    return `${pick(operation)}(${logs()} ${unwrap} [${pick(['1m', '30s', '7s'])}]${pick(['', ' offset 10s'])})`
  }
  return pick([
    () =>
      `${pick(['sum', 'avg', 'max', 'count', 'stddev'])} ${pick(['', `by (${name()})`, `without (${name()})`])} (${metric(depth + 1)})`,
    () => `${pick(['topk', 'bottomk'])}(${1 + random(3)}, ${metric(depth + 1)})`,
    () =>
      `(${metric(depth + 1)}) ${pick(['+', '/', '%', '^', '>', '== bool', 'and', 'or', 'unless'])} ${pick(['', 'on (app)', 'ignoring (level)'])} (${metric(depth + 1)})`,
    () => `${metric(depth + 1)} * 2`,
    () => `label_replace(${metric(depth + 1)}, "zz", "$1", "app", "(.).*")`,
  ])()
}

const LINES = [
  '',
  'plain text',
  '{"msg":"m","status":"5","x":{"y":[1,2]}}',
  '{"a":',
  'level=warn status=200 took=5ms msg="a b"',
  'msg==x "',
  '[1]',
  '{"_entry":"packed","app":"z"}',
  '\u001b[31mred\u001b[0m 10.1.2.3',
  'é\uFFFD\u0000 = ',
]
const source = sourceOf({
  'app=a,level=info': LINES.map((line, i) => ({
    t: i * 3,
    line,
    metadata: i % 2 === 0 ? { detected_level: 'warn', app: 'meta' } : {},
  })),
  'app=b': LINES.map((line, i) => ({ t: i * 5, line: `${line} ${line}` })),
})

async function settle(query: string): Promise<'answered' | 'refused'> {
  try {
    const parsed = logql.parse(query)
    const window = { startNanos: at(0), endNanos: at(60), stepNanos: 10_000_000_000n }
    await logql.range({ query: parsed, source, ...window })
    if (parsed.kind === 'metric') await logql.instant({ query: parsed, source, nanos: at(60) })
    return 'answered'
  } catch (error) {
    if (error instanceof QueryError) return 'refused'
    throw new Error(`not a QueryError for ${query}`, { cause: error })
  }
}

test('made-up queries are answered or refused with a QueryError, never anything else', async () => {
  const verdicts = { answered: 0, refused: 0 }
  for (let i = 0; i < 600; i++) verdicts[await settle(random(2) === 0 ? logs() : metric())]++
  expect(verdicts.answered).toBeGreaterThan(100)
  expect(verdicts.refused).toBeGreaterThan(20)
}, 30_000)

test('what is printed is read the same', () => {
  const parse = createParser()
  let same = 0
  for (let i = 0; i < 400; i++) {
    const query = random(2) === 0 ? logs() : metric()
    let printed: string
    try {
      printed = printExpression(parse(query))
    } catch (error) {
      expect(error).toBeInstanceOf(QueryError)
      continue
    }
    expect(printExpression(parse(printed))).toBe(printed)
    same++
  }
  expect(same).toBeGreaterThan(100)
}, 30_000)

test('damaged queries are refused with a place in them', async () => {
  const started = performance.now()
  for (let i = 0; i < 1000; i++) {
    const query = random(2) === 0 ? logs() : metric()
    const at = random(query.length)
    const damage = pick(['', '"', '(', ')', '{', '|', '\\', '\u0000', '[', '🙂', '`', '#', '{{', '-', '9'])
    const damaged = query.slice(0, at) + damage + query.slice(at + random(4))
    try {
      logql.parse(damaged)
    } catch (error) {
      if (!(error instanceof QueryError)) throw new Error(`not a QueryError for ${damaged}`, { cause: error })
      expect(error.position).toBeGreaterThanOrEqual(0)
      expect(error.position).toBeLessThanOrEqual(damaged.length)
    }
  }
  expect(performance.now() - started).toBeLessThan(20_000)
}, 30_000)
