import { selectorsIn } from '../../../src/embedded/prometheus/promql/ast.ts'
import { Engine, type Value } from '../../../src/embedded/prometheus/promql/engine.ts'
import { parseExpr } from '../../../src/embedded/prometheus/promql/parse.ts'
import { labelsObject } from '../../../src/embedded/series/labels.ts'
import { MemorySource } from '../../support/memory-source.ts'
import { judged, refusalFault, type Tally, type Verdict } from '../shared/tally.ts'
import { close, keyOf, parseValue, type Written } from './compare.ts'

interface Load {
  cmd: 'load'
  step_ms: number
  /** Also as native histograms with custom buckets, under the name without `_bucket`. */
  with_nhcb?: boolean
  series: { labels: Record<string, string>; values: (Written | object)[] }[]
}

interface Expected {
  fail?: boolean
  fail_msg?: string
  ordered?: boolean
  scalar?: number | string
  string?: string
  series?: { labels: Record<string, string>; values: (Written | object)[] }[]
  warn?: { msg?: string }[]
  info?: { msg?: string }[]
  no_warn?: boolean
  no_info?: boolean
}

interface Eval {
  cmd: 'eval'
  line: number
  kind: 'instant' | 'range'
  at_ms: number
  start_ms: number
  end_ms: number
  step_ms: number
  query: string
  expect: Expected
  tier: 'core' | 'advanced'
  tags: string[]
}

export interface EvalSuite {
  epsilon: number
  files: { file: string; commands: (Load | Eval | { cmd: 'clear' })[] }[]
}

/** Why a case that needs one of these is not what the lab is for; the suite's tags say what a case needs. */
const BEYOND: [tag: string, reason: string][] = [
  ['native_histogram', 'native histograms'],
  ['native_histogram_fn', 'native histograms'],
  ['nhcb', 'native histograms with custom buckets'],
  ['trim_op', 'native histograms'],
  ['exp_fn', 'experimental functions'],
  ['limitk', 'experimental functions'],
  ['info', 'experimental functions'],
  ['smoothed_anchored', 'experimental range modifiers'],
  ['duration_expr', 'experimental duration expressions'],
  ['fill', 'experimental fill modifiers'],
  ['start_timestamps', 'start timestamps, an experimental feature'],
  ['type_unit', 'type and unit labels, an experimental feature'],
]

/** Runs the scripts: loads samples, asks queries, compares answers. */
export async function evalCases(name: string, suite: EvalSuite, tally: Tally): Promise<void> {
  const core: Verdict[] = []
  const beyond = new Map<string, Verdict[]>()
  for (const { file, commands } of suite.files) {
    let source = new MemorySource()
    const custom = new Set<string>()
    for (const command of commands) {
      if (command.cmd === 'clear') {
        source = new MemorySource()
        custom.clear()
      } else if (command.cmd === 'load') {
        load(source, command)
        for (const name of customNames(command)) custom.add(name)
      } else {
        const at = `${file}:${command.line} ${command.query}`
        const verdict = await judged(at, () => evaluate(source, command, suite.epsilon))
        const reason = reasonOf(command, custom)
        if (reason === undefined) core.push(verdict)
        else beyond.set(reason, [...(beyond.get(reason) ?? []), verdict])
      }
    }
  }
  tally(`${name} core`, core)
  for (const [reason, verdicts] of beyond) tally(`${name}, ${reason}`, verdicts, 'PromQL here is without feature flags')
}

/** The native histograms that the suite makes of classic ones while it loads them. */
function customNames({ with_nhcb, series }: Load): string[] {
  const names = series.map(({ labels }) => labels.__name__ ?? '').filter((name) => name.endsWith('_bucket'))
  return with_nhcb ? names.map((name) => name.slice(0, -'_bucket'.length)) : []
}

/**
 * Core is what the suite calls so, but for what asks native histograms with custom buckets: nothing that a store here
 * takes makes any. A case that needs something unheard of is not beyond: it counts.
 */
function reasonOf({ tier, tags, query }: Eval, custom: ReadonlySet<string>): string | undefined {
  if (asksOne(query, custom)) return 'native histograms with custom buckets'
  if (tier === 'core') return undefined
  return BEYOND.find(([tag]) => tags.includes(tag))?.[1]
}

function asksOne(query: string, custom: ReadonlySet<string>): boolean {
  if (custom.size === 0) return false
  try {
    return selectorsIn(parseExpr(query)).some(({ name }) => custom.has(name))
  } catch {
    return false
  }
}

function load(source: MemorySource, { step_ms, series }: Load): void {
  for (const { labels, values } of series) {
    const samples = values.flatMap((value, i) => {
      if (value === null || typeof value === 'object') return []
      const stale = value === 'stale'
      return [{ time: i * step_ms, value: stale ? Number.NaN : parseValue(value), stale }]
    })
    source.add(labels, samples)
  }
}

/** What is wrong with the answer; undefined when nothing is. */
async function evaluate(source: MemorySource, command: Eval, epsilon: number): Promise<string | undefined> {
  const { expect, query } = command
  const engine = new Engine({ source, delayedNameRemoval: true, now: () => Date.now() })
  const options = { lookbackMs: 300_000, deadline: Date.now() + 10_000 }
  try {
    const range = { start: command.start_ms, end: command.end_ms, step: command.step_ms }
    const answer =
      command.kind === 'instant'
        ? await engine.instant(query, command.at_ms, options)
        : await engine.range(query, range, options)
    if (expect.fail) return 'must fail'
    const said = annotationFault('warning', expect.warn, expect.no_warn, answer.warnings)
    const noted = annotationFault('info', expect.info, expect.no_info, answer.infos)
    return said ?? noted ?? valueFault(answer.data, command, epsilon)
  } catch (error) {
    if (!expect.fail) throw error
    return refusalFault(error, expect.fail_msg)
  }
}

/** Each wanted text must be said; one without a text wants that something is. */
function annotationFault(what: string, wanted: Expected['warn'], none: boolean | undefined, got: string[]) {
  if (none && got.length > 0) return `unexpected ${what}: ${got}`
  if (wanted === undefined) return undefined
  if (got.length === 0) return `no ${what} at all`
  const missing = wanted.find(({ msg }) => msg !== undefined && !got.includes(msg))
  return missing && `no ${what} ${missing.msg}, but ${got}`
}

function valueFault(data: Value, command: Eval, epsilon: number): string | undefined {
  const { expect } = command
  if (data.resultType === 'string') return data.value === expect.string ? undefined : `got ${data.value}`
  if (expect.scalar !== undefined) {
    const got = data.resultType === 'scalar' ? data.value : Number.NaN
    return close(got, parseValue(expect.scalar), epsilon) ? undefined : `got ${JSON.stringify(data)}`
  }
  const wanted = expect.series ?? []
  const got = seriesOf(data, command)
  if (got.length !== wanted.length)
    return `${got.length} series instead of ${wanted.length}: ${JSON.stringify(got).slice(0, 300)}`
  for (const [i, { labels, values }] of wanted.entries()) {
    const found = expect.ordered ? got[i]! : got.find((series) => keyOf(series.labels) === keyOf(labels))
    if (found === undefined || keyOf(found.labels) !== keyOf(labels)) return `no ${JSON.stringify(labels)} (at ${i})`
    const differs = values.findIndex((value, k) => !same(found.values[k], value, epsilon))
    if (differs !== -1)
      return `${JSON.stringify(labels)} at ${differs}: ${found.values[differs]} not ${values[differs]}`
    if (found.values.slice(values.length).some((value) => value !== undefined)) return 'more values than expected'
  }
  return undefined
}

function same(got: number | undefined, wanted: Written | object, epsilon: number): boolean {
  if (wanted === null) return got === undefined
  if (typeof wanted === 'object' || got === undefined) return false
  return close(got, parseValue(wanted), epsilon)
}

/** Values by step, undefined where there is none. */
function seriesOf(data: Value, { kind, start_ms, step_ms }: Eval) {
  if (data.resultType === 'vector') {
    return data.result.map(({ labels, value }) => ({
      labels: labelsObject(labels),
      values: [value] as (number | undefined)[],
    }))
  }
  if (data.resultType === 'scalar') return [{ labels: {}, values: [data.value] as (number | undefined)[] }]
  if (data.resultType !== 'matrix') return []
  return data.result.map((series) => {
    const values: (number | undefined)[] = []
    for (let i = 0; i < series.times.length; i++) {
      values[kind === 'range' ? (series.times[i]! - start_ms) / step_ms : i] = series.values[i]!
    }
    return { labels: labelsObject(series.labels), values }
  })
}
