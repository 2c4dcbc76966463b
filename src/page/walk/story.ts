import type { LabAnswer, Metric, RunAnswer } from '../../page-server/answers.ts'
import { type Asked, urlOf, useAnswer } from '../state/answers.ts'
import type { Route } from '../state/route.ts'
import type { Range } from '../time/scale.ts'
import {
  firstMetric,
  logqlForTrace,
  type MetricKind,
  type Mode,
  metricKinds,
  promqlFor,
  rangeOfRun,
  selectorsOf,
} from './queries.ts'

/** Which run, which stretch of time, which queries: what the three bands share. */
export interface Story {
  run: RunAnswer | undefined
  range: Range
  /** Something may still come: ask again so often. */
  everyMs: number | undefined
  kinds: MetricKind[]
  names: Asked<Metric[]>
  kind: MetricKind | undefined
  mode: Mode
  promql: string
  traceql: string
  logql: string
  selectors: ReturnType<typeof selectorsOf>
  scrapeMs: number
}

/** Without a run: the last quarter of an hour. */
const RECENT_MS = 900_000
/** How long after a run's last scrape what it sent may still come. */
const GRACE_MS = 15_000
export const POLL_MS = 1_000
/** What the stack tells of itself is looked at when it is asked for. */
const OF_THE_STACK = /^(otelcol|go|process|promhttp|prometheus|tempo|loki|traces)_/

/** The one that is named, else the newest, unless a range is named instead. */
export function chosenRun({ run, from, to }: Route, runs: readonly RunAnswer[]): RunAnswer | undefined {
  if (run !== undefined) return runs.find(({ id }) => id === run)
  return from === undefined || to === undefined ? runs[0] : undefined
}

/** It runs, or what it sent may still come. */
export const isArriving = ({ endedAt = Number.POSITIVE_INFINITY }: RunAnswer, scrapeMs: number, now: number) =>
  now < endedAt + scrapeMs + GRACE_MS

export function useStory(route: Route, lab: LabAnswer | undefined, runs: readonly RunAnswer[], now: number): Story {
  const scrapeMs = lab?.scrapeMs ?? 15_000
  const ranged = route.from !== undefined && route.to !== undefined
  // A run of another machine, or one that the lab has forgotten, may still be asked for by its id.
  const run = chosenRun(route, runs)
  const runId = run?.id ?? route.run
  const range: Range = ranged
    ? { start: route.from!, end: route.to! }
    : run
      ? rangeOfRun(run, scrapeMs, Math.ceil(now / 5000) * 5000)
      : { start: Math.floor(now / 15_000) * 15_000 - RECENT_MS, end: Math.ceil(now / 15_000) * 15_000 }
  const arriving = run === undefined ? !ranged : isArriving(run, scrapeMs, now)
  const everyMs = arriving ? POLL_MS : undefined
  const selectors = selectorsOf(runId)
  const namesUrl = urlOf('/api/metrics/names', {
    ...range,
    query: selectors.prometheus === '' ? '{__name__!=""}' : selectors.prometheus,
  })
  const names = useAnswer<Metric[]>(lab ? namesUrl : undefined, everyMs, selectors.prometheus)
  const kinds = metricKinds(names.data ?? [])
  const kind =
    kinds.find(({ base }) => base === route.metric) ??
    firstMetric(
      kinds.filter(({ base }) => !OF_THE_STACK.test(base)),
      (run?.exitCode ?? 0) !== 0 || run === undefined,
    )
  const mode = kind?.modes.find((one) => one === route.mode) ?? kind?.modes[0] ?? 'value'
  return {
    run,
    range,
    everyMs,
    names,
    kinds,
    kind,
    mode,
    promql: route.promql ?? (kind ? promqlFor(kind, mode, selectors.prometheus, scrapeMs) : ''),
    traceql: route.traceql ?? selectors.tempo,
    logql: route.logql ?? (route.trace ? logqlForTrace(selectors.loki, route.trace) : selectors.loki),
    selectors,
    scrapeMs,
  }
}
