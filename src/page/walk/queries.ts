import type { Metric, RunAnswer } from '../../page-server/answers.ts'
import type { Range } from '../time/scale.ts'

export type Mode = 'value' | 'total' | 'rate' | 'heat' | 'quantiles'

export interface MetricKind {
  /** As one says it: without _bucket. */
  base: string
  kind: 'counter' | 'histogram' | 'gauge'
  help: string
  unit: string
  modes: Mode[]
}

/** Series that are one metric for people: a histogram's buckets, sum and count. */
export function metricKinds(metrics: readonly Metric[]): MetricKind[] {
  const names = new Set(metrics.map(({ name }) => name))
  const kinds: MetricKind[] = []
  for (const { name, type, help, unit } of metrics) {
    const stem = name.replace(/_(bucket|sum|count)$/, '')
    if (names.has(`${stem}_bucket`)) {
      if (name === `${stem}_bucket`)
        kinds.push({ base: stem, kind: 'histogram', help, unit, modes: ['heat', 'quantiles', 'rate'] })
      continue
    }
    if (name === 'target_info' || name === 'up' || name.startsWith('scrape_')) continue
    const counts = type === 'counter' || (type !== 'gauge' && /_(total|count|sum)$/.test(name))
    if (counts) kinds.push({ base: name, kind: 'counter', help, unit, modes: ['total', 'rate'] })
    else kinds.push({ base: name, kind: 'gauge', help, unit, modes: ['value'] })
  }
  return kinds
}

/** What one looks at first: what failed, then how long things took, then whatever counts. */
export function firstMetric(kinds: readonly MetricKind[], failed: boolean): MetricKind | undefined {
  const counts = kinds.filter(({ kind }) => kind === 'counter')
  const failures = counts.find(({ base }) => /fail|error/i.test(base))
  const durations = kinds.find(({ kind, base }) => kind === 'histogram' && /duration|latency|seconds/.test(base))
  return (
    (failed ? failures : undefined) ??
    durations ??
    kinds.find(({ kind }) => kind === 'histogram') ??
    counts[0] ??
    kinds[0]
  )
}

export const quoted = (text: string) => JSON.stringify(text)

/** The PromQL that a mode stands for. `selector` has its braces. */
export function promqlFor({ base, kind }: MetricKind, mode: Mode, selector: string, scrapeMs: number): string {
  // rate() needs two scrapes inside its window; four are what Prometheus's makers advise.
  const window = `${Math.max(4, Math.ceil((scrapeMs * 4) / 1000))}s`
  if (mode === 'heat') return `${base}_bucket${selector}`
  if (mode === 'quantiles') return `histogram_quantile(0.95, sum by (le) (rate(${base}_bucket${selector}[${window}])))`
  const name = kind === 'histogram' ? `${base}_count` : base
  return mode === 'rate' ? `rate(${name}${selector}[${window}])` : `${name}${selector}`
}

/** How the runs of a lab are told apart in each backend; `run` may be none. */
export function selectorsOf(runId: string | undefined) {
  return {
    prometheus: runId ? `{instance=${quoted(runId)}}` : '',
    tempo: runId ? `{resource.otel_lab.run.id=${quoted(runId)}}` : '{}',
    loki: runId ? `{service_instance_id=${quoted(runId)}}` : '{service_name=~".+"}',
  }
}

/** The lines of one trace, among those of its run. */
export function logqlForTrace(selector: string, traceId: string): string {
  return `${selector} | trace_id=${quoted(traceId)}`
}

/** From just before a run until the scrape after its end has passed. */
export function rangeOfRun(run: RunAnswer, scrapeMs: number, now: number): Range {
  const end = run.endedAt ?? now
  const edge = Math.max(1_000, (end - run.startedAt) * 0.04)
  return { start: Math.floor(run.startedAt - edge), end: Math.ceil(end + scrapeMs + edge + 1_000) }
}
