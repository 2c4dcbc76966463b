import { createLogql } from '../../../src/embedded/loki/logql/create-logql.ts'
import type { Result } from '../../../src/embedded/loki/logql/results.ts'
import { judged, refusalFault, type Tally, type Verdict } from '../shared/tally.ts'
import { memorySource, type SuiteEntry } from './memory-source.ts'

type Value = number | 'NaN' | '+Inf' | '-Inf' | null

interface Command {
  cmd: 'clear' | 'load' | 'eval'
  line: number
  entries?: SuiteEntry[]
  kind: 'instant' | 'range'
  at_ms: number
  start_ms: number
  end_ms: number
  step_ms: number
  query: string
  expect: {
    fail?: boolean
    fail_contains?: string
    empty?: boolean
    scalar?: Value
    series?: { labels: Record<string, string>; values: Value[] }[]
    ordered?: boolean
    skip_values_on?: unknown
  }
}

export interface EvalSuite {
  epoch: string
  epsilon: number
  files: { file: string; commands: Command[] }[]
}

/** Metric queries over loaded lines. */
export async function evalCases(suite: EvalSuite, tally: Tally): Promise<void> {
  const epoch = BigInt(Date.parse(suite.epoch)) * 1_000_000n
  const logql = createLogql(() => epoch)
  const nanos = (ms: number) => epoch + BigInt(ms) * 1_000_000n
  for (const { file, commands } of suite.files) {
    const results: Verdict[] = []
    let entries: SuiteEntry[] = []
    for (const command of commands) {
      if (command.cmd === 'clear') entries = []
      else if (command.cmd === 'load') entries = [...entries, ...command.entries!]
      else {
        const source = memorySource(entries, nanos)
        const answer = async (): Promise<Result> => {
          const query = logql.parse(command.query)
          if (command.kind === 'instant') return logql.instant({ query, source, nanos: nanos(command.at_ms) })
          return logql.range({
            query,
            source,
            startNanos: nanos(command.start_ms),
            endNanos: nanos(command.end_ms),
            stepNanos: BigInt(command.step_ms) * 1_000_000n,
          })
        }
        const name = `${file}:${command.line} ${command.kind} ${command.query}`
        results.push(await judged(name, () => evaluate(answer, command, suite.epsilon, nanos)))
      }
    }
    tally(`evals ${file}`, results)
  }
}

type Nanos = (ms: number) => bigint

const number = (value: Value) => (typeof value === 'number' ? value : Number(String(value).replace('Inf', 'Infinity')))

async function evaluate(answer: () => Promise<Result>, command: Command, epsilon: number, nanos: Nanos) {
  const { fail, fail_contains: wanted } = command.expect
  try {
    const got = await answer()
    return fail === true ? `does not fail, wanted ${wanted}` : compare(got, command, epsilon, nanos)
  } catch (error) {
    if (fail !== true) throw error
    return refusalFault(error, wanted)
  }
}

function compare(got: Result, { expect, ...command }: Command, epsilon: number, nanos: Nanos): string | undefined {
  const close = (a: number, b: number) =>
    Object.is(a, b) || a === b || Math.abs(a - b) <= epsilon * Math.max(Math.abs(a), Math.abs(b), 1)
  if (got.type === 'scalar') {
    return expect.scalar !== undefined && close(got.value, number(expect.scalar)) ? undefined : `scalar ${got.value}`
  }
  if (got.type === 'streams') return 'lines instead of numbers'
  const step = command.kind === 'instant' ? 1n : BigInt(command.step_ms) * 1_000_000n
  const start = nanos(command.kind === 'instant' ? command.at_ms : command.start_ms)
  const series = got.series.map(({ labels, points }) => ({
    key: JSON.stringify(labels),
    values: new Map(points.map((p) => [Number((p.nanos - start) / step), p.value])),
  }))
  const shown = JSON.stringify(
    got.series.map((s) => [Object.fromEntries(s.labels), s.points.map((p) => String(p.value))]),
  )
  const wanted = (expect.series ?? []).map(({ labels, values }) => ({
    key: JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))),
    values,
  }))
  if (expect.scalar !== undefined) {
    const ok = series.length === 1 && [...series[0]!.values.values()].every((v) => close(v, number(expect.scalar!)))
    return ok ? undefined : `got ${shown}, wanted scalar ${expect.scalar}`
  }
  const bad = `got ${shown}, wanted ${JSON.stringify(expect.series ?? 'nothing')}`
  if (series.length !== wanted.length) return bad
  for (const [i, { key, values }] of wanted.entries()) {
    const found = expect.ordered === true ? series[i] : series.find((s) => s.key === key)
    if (found?.key !== key) return bad
    if (expect.skip_values_on !== undefined) continue
    if (found.values.size !== values.filter((v) => v !== null).length) return bad
    for (const [at, value] of values.entries()) {
      if (value === null ? found.values.has(at) : !close(found.values.get(at) ?? Number.NaN, number(value))) return bad
    }
  }
  return undefined
}
