import { HttpRefusal } from '../../http.ts'
import type { Query } from '../traceql/ast.ts'
import { formatGoDuration } from '../traceql/go-duration.ts'
import { aligned, defaultStep, type Intervals, type Window } from '../traceql/metrics/intervals.ts'
import { type MetricsResult, runMetrics } from '../traceql/metrics/query.ts'
import type { Exemplar, Label, Series } from '../traceql/metrics/series.ts'
import { readDuration } from '../traceql/syntax/literals.ts'
import { compiled } from './compiled.ts'
import { compact } from './otlp-json.ts'
import { pace } from './pace.ts'
import { timestamp } from './params.ts'
import type { AppParts } from './parts.ts'
import { staticJson } from './static-json.ts'

const HOUR = 3600n * 1_000_000_000n
const MAX_EXEMPLARS = 100
const MAX_INTERVALS = 10_000n
/** 160 MB of doubles. */
const MAX_VALUES = 20_000_000

type Parts = Pick<AppParts, 'source' | 'parse' | 'settings' | 'now'>

/** GET /api/metrics/query_range */
export async function queryRangeResponse(params: URLSearchParams, parts: Parts): Promise<object> {
  const query = compiled(parts.parse, queryText(params))
  const now = BigInt(Math.trunc(parts.now())) * 1_000_000n
  const { startNanos, endNanos } = bounds(params, now)
  const stepNanos = readStep(params.get('step') ?? '') ?? defaultStep(startNanos, endNanos)
  const latest = now - BigInt(parts.settings.queryEndCutoff) * 1_000_000n
  const window: Window = { startNanos, endNanos: clamped(startNanos, endNanos, latest), stepNanos, instant: false }
  validateWindow(window, parts)
  const wide = aligned(window)
  // Moving the end out to a whole step may have passed the cutoff again.
  if (wide.endNanos > latest) wide.endNanos = latest - (latest % stepNanos)
  const result = await run(query, wide, exemplarsOf(query, readExemplars(params)), parts)
  return { series: seriesJson(result), metrics: metricsJson(result) }
}

/** GET /api/metrics/query: one value for the whole window. */
export async function queryInstantResponse(params: URLSearchParams, parts: Parts): Promise<object> {
  const query = compiled(parts.parse, queryText(params))
  const now = BigInt(Math.trunc(parts.now())) * 1_000_000n
  const { startNanos, endNanos } = bounds(params, now)
  const latest = now - BigInt(parts.settings.queryEndCutoff) * 1_000_000n
  const end = clamped(startNanos, endNanos, latest)
  const window: Window = { startNanos, endNanos: end, stepNanos: end - startNanos, instant: true }
  validateWindow(window, parts)
  const result = await run(query, window, 0, parts)
  const series = sorted(result).flatMap(({ labels, values }) => {
    const value = values.find((v) => !Number.isNaN(v))
    return value === undefined ? [] : [compact({ labels: labelsJson(labels), value })]
  })
  return { series, metrics: metricsJson(result) }
}

function queryText(params: URLSearchParams): string {
  const text = params.get('q') || params.get('query') || ''
  if (text === '')
    throw new HttpRefusal(400, 'compiling query: parse error at line 1, col 1: syntax error: unexpected $end')
  return text
}

/** An hour back from the end, or from now, when nothing is said. */
function bounds(params: URLSearchParams, now: bigint): { startNanos: bigint; endNanos: bigint } {
  // gRPC's status text goes around it in Tempo too.
  const fail = (why: string) => new HttpRefusal(400, `rpc error: code = Code(400) desc = ${why}`)
  const since = params.get('since') ?? ''
  const back = since === '' ? HOUR : readDuration(since)
  if (back === undefined) {
    throw fail(`could not parse 'since' parameter: not a valid duration string: ${JSON.stringify(since)}`)
  }
  const read = (name: string, fallback: bigint) => {
    const text = params.get(name) ?? ''
    return text === '' ? fallback : timestamp(text, name, fail)
  }
  const endNanos = read('end', now)
  return { endNanos, startNanos: read('start', (endNanos > now ? now : endNanos) - back) }
}

/** What is no number counts as not given. */
function readExemplars(params: URLSearchParams): number {
  const text = params.get('exemplars') ?? ''
  return /^\d{1,9}$/.test(text) ? Number(text) : 0
}

function clamped(start: bigint, end: bigint, latest: bigint): bigint {
  if (start >= end) throw new HttpRefusal(400, 'end must be greater than start')
  if (end <= latest) return end
  if (start >= latest) throw new HttpRefusal(400, 'query window is within the query end cutoff')
  return latest
}

/** Seconds, or a Go duration; undefined when absent. */
function readStep(text: string): bigint | undefined {
  if (text === '') return undefined
  const fail = (why: string) =>
    new HttpRefusal(400, `rpc error: code = Code(400) desc = cannot parse ${JSON.stringify(text)}${why}`)
  const seconds = Number(text.replace(/^([+-]?)inf(inity)?$/i, '$1Infinity'))
  if (Math.abs(seconds) * 1e9 >= 2 ** 63) throw fail(' to a valid duration. It overflows int64')
  const nanos = Number.isNaN(seconds) ? readGoDuration(text) : BigInt(Math.trunc(seconds * 1e9))
  if (nanos === undefined) throw fail(' to a valid duration')
  if (nanos < 0n) throw fail(': step must be positive')
  return nanos
}

/** time.ParseDuration, which knows neither days nor weeks. */
function readGoDuration(text: string): bigint | undefined {
  if (/[dwy]/.test(text)) return undefined
  const [, sign, rest = ''] = /^([+-]?)(.*)$/s.exec(text)!
  const nanos = readDuration(rest)
  return nanos !== undefined && sign === '-' ? -nanos : nanos
}

function validateWindow({ startNanos, endNanos, stepNanos }: Window, { settings }: Parts): void {
  const range = endNanos - startNanos
  const max = BigInt(settings.maxMetricsDuration) * 1_000_000n
  if (max > 0n && range > max) {
    throw new HttpRefusal(
      400,
      `metrics query time range exceeds the maximum allowed duration of ${formatGoDuration(max)}`,
    )
  }
  if (stepNanos <= 0n || range / stepNanos > MAX_INTERVALS) {
    const least = formatGoDuration(range / MAX_INTERVALS)
    throw new HttpRefusal(
      400,
      `step of ${formatGoDuration(stepNanos)} is too small, minimum step for given range is ${least}`,
    )
  }
}

async function run(query: Query, window: Window, exemplars: number, parts: Parts): Promise<MetricsResult> {
  try {
    return await runMetrics(query, parts.source, {
      window,
      exemplars,
      maxValues: MAX_VALUES,
      check: pace(parts.settings.timeout),
    })
  } catch (error) {
    if (error instanceof HttpRefusal) throw error
    throw new HttpRefusal(400, (error as Error).message)
  }
}

/** `with(exemplars=...)` goes before the parameter; without either there are as many as may be. */
function exemplarsOf(query: Query, asked: number): number {
  const hint = query.hints.find((h) => h.name === 'exemplars')?.value
  if (hint?.type === 'int') return Math.max(0, Math.min(MAX_EXEMPLARS, Number(hint.value)))
  if (hint?.type === 'bool' && !hint.value) return 0
  return Math.min(asked === 0 ? MAX_EXEMPLARS : asked, MAX_EXEMPLARS)
}

const labelsJson = (labels: Label[]) => labels.map(({ name, value }) => ({ key: name, value: staticJson(value) }))

/** By the number of labels, then by names and values. */
function sorted({ series }: MetricsResult): Series[] {
  const keyed = [...series.values()].map((s) => ({ s, key: JSON.stringify(labelsJson(s.labels)) }))
  keyed.sort((a, b) => a.s.labels.length - b.s.labels.length || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  return keyed.map(({ s }) => s)
}

function seriesJson(result: MetricsResult): object[] {
  const { intervals } = result
  return sorted(result).flatMap((series) => {
    const samples = [...series.values].flatMap((value, i) =>
      Number.isNaN(value) ? [] : [compact({ timestampMs: String(intervals.timestampMs(i)), value: finite(value) })],
    )
    if (samples.length === 0) return []
    return [compact({ labels: labelsJson(series.labels), samples, exemplars: exemplarsJson(series, intervals) })]
  })
}

/** JSON has no word for infinity; jsonpb writes text. */
const finite = (value: number) => (Number.isFinite(value) ? value : String(value))

function exemplarsJson({ exemplars, values }: Series, intervals: Intervals): object[] {
  const shown = (e: Exemplar) => (Number.isNaN(e.value) ? values[intervals.ofMs(e.timestampMs)] : e.value)
  return [...exemplars]
    .sort((a, b) => a.timestampMs - b.timestampMs)
    .flatMap((e) => {
      const value = shown(e)
      if (value === undefined || Number.isNaN(value)) return []
      return [compact({ labels: labelsJson(e.labels), value: finite(value), timestampMs: String(e.timestampMs) })]
    })
}

const metricsJson = ({ inspectedTraces, inspectedSpans }: MetricsResult) =>
  compact({ inspectedTraces, inspectedSpans: String(inspectedSpans), completedJobs: 1, totalJobs: 1 })
