import type { Window } from '../../backends/time.ts'
import type { Backends } from '../../backends.ts'
import { type Break, type ChainStep, queryOf } from './chain.ts'
import { orNothing } from './why.ts'
import { digits } from './words.ts'

export interface Spike {
  /** The metric as Prometheus stores it, without `_bucket`. */
  metric: string
  kind: 'slow' | 'failing'
  value: number
}

/** The collector's and Prometheus' own metrics are no app's. */
const OURS = /^(otelcol_|scrape_|up$|target_info$|prometheus_|go_|process_|promhttp_|otel_lab_)/
const FAILS = /(fail|error|exception)/i

/** The worst of what an app's metrics say in the window: its slowest histogram, or what fails, where that is asked. */
export async function findSpike(
  { prometheus }: Pick<Backends, 'prometheus'>,
  { window, prefer, runId }: { window: Window; prefer: 'slow' | 'failing'; runId?: string },
): Promise<{ spike?: Spike; step: ChainStep; broken?: Break }> {
  const names = (await orNothing(prometheus.labelValues('__name__'), [])).filter((name) => !OURS.test(name))
  const own = runId === undefined ? '' : `{instance=${JSON.stringify(runId)}}`
  const span = `${Math.max(60, Math.ceil((window.end - window.start) / 1_000))}s`
  const histograms = names.filter((name) => name.endsWith('_bucket'))
  const counters = names.filter((name) => name.endsWith('_total') && FAILS.test(name))
  const candidates = prefer === 'failing' ? counters : histograms
  const other = prefer === 'failing' ? histograms : counters
  for (const [kind, list, grown] of [
    [prefer, candidates, 'increase'],
    // A program that lived shorter than two scrapes has one sample: it counts from zero.
    [prefer, candidates, 'max_over_time'],
    [prefer === 'slow' ? 'failing' : 'slow', other, 'increase'],
    [prefer === 'slow' ? 'failing' : 'slow', other, 'max_over_time'],
  ] as const) {
    const found = await Promise.all(
      list.map(async (name) => {
        const text = queryFor(kind, `${grown}(${name}${own}[${span}])`)
        const samples = await orNothing(prometheus.vector(text), [])
        const value = Math.max(...samples.map((one) => one.value).filter(Number.isFinite), Number.NEGATIVE_INFINITY)
        return { name, text, value }
      }),
    )
    const best = found.filter(({ value }) => value > 0).sort((a, b) => rank(b) - rank(a))[0]
    if (best === undefined) continue
    const metric = best.name.replace(/_bucket$/, '')
    const what =
      kind === 'slow' ? `95 % were done within ${digits(best.value)}` : `${digits(best.value)} in the last ${span}`
    return {
      spike: { metric, kind, value: best.value },
      step: {
        name: 'metric',
        question:
          kind === 'slow' ? 'Which of the app’s durations is the longest?' : 'What does the app say has failed?',
        query: queryOf('prometheus', best.text),
        found: `${metric}: ${what}`,
        lines: [],
      },
    }
  }
  const step: ChainStep = { name: 'metric', question: 'What do the app’s metrics say?', found: 'nothing', lines: [] }
  return { step, broken: noMetrics(names) }
}

const queryFor = (kind: Spike['kind'], grown: string) =>
  kind === 'slow' ? `histogram_quantile(0.95, sum by (le) (${grown}))` : `sum(${grown})`

/** Seconds before milliseconds and counts of bytes: what is slow is a duration. */
const rank = ({ name, value }: { name: string; value: number }) =>
  /(duration|latency|time).*(_seconds|_milliseconds)/.test(name)
    ? 1e9 + value
    : /seconds/.test(name)
      ? 1e6 + value
      : value

function noMetrics(names: readonly string[]): Break {
  const none = names.length === 0
  return {
    after: 'start',
    message: none ? 'Prometheus has no metric of an app' : 'no metric of the app grew in this window',
    why: none
      ? 'nothing was sent, or it has not been fetched yet: Prometheus comes on its own clock'
      : 'the app sent nothing lately',
    next: 'otel-lab run slow, then otel-lab correlate; or a longer --since',
  }
}
