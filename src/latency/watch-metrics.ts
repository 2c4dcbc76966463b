import type { PrometheusClient } from '../backends/prometheus.ts'
import type { Sighting } from './measure.ts'
import { poll } from './poll.ts'
import type { ObservedRun, Watch, WatchOptions } from './watch.ts'

const STEP_MS = 100

export interface MetricWatch extends Watch {
  /**
   * `exemplar`: counted from the recording itself, whose time an exemplar bears. `span`: the program's metrics
   * have none, so from the end of its last span, or from its own end.
   */
  from: 'exemplar' | 'span'
}

/** From the recording of a metric until Prometheus has scraped it. */
export async function watchMetrics(
  prometheus: PrometheusClient,
  run: ObservedRun,
  options: WatchOptions,
): Promise<MetricWatch> {
  const sightings: Sighting[] = []
  const seen = new Set<string>()
  const selector = `{instance=${JSON.stringify(run.runId)}}`
  let from: MetricWatch['from'] = 'exemplar'
  const complete = await poll({ ...options, stepMs: STEP_MS }, async (since) => {
    const window = { start: run.startedAt - 1_000, end: options.now() + 1_000 }
    // Before the exemplars: a scrape in between must not look like one that brought none.
    const ended = run.endedAt !== undefined
    const scraped = ended && sightings.length === 0 ? await lastScrape(prometheus, selector, options) : undefined
    const found = await prometheus.exemplars(selector, window, { signal: options.signal })
    const seenAt = options.now()
    for (const { exemplars } of found) {
      for (const { labels, time, value } of exemplars) {
        // One recording may be the exemplar of several series.
        const what = labels.trace_id ?? `${time} ${value}`
        if (seen.has(what)) continue
        seen.add(what)
        sightings.push({ what, madeAt: time, seenAt, stepMs: seenAt - since })
      }
    }
    if (!ended) return false
    // The newest recording stays its bucket's exemplar, whatever came before it.
    const newest = [...run.traceIds].at(-1)
    if (seen.size > 0) return newest === undefined || seen.has(newest)
    if (scraped === undefined || scraped < run.endedAt!) return false
    from = 'span'
    sightings.push({
      what: selector,
      madeAt: run.lastSpanEnd ?? run.endedAt!,
      seenAt: options.now(),
      stepMs: options.now() - since,
    })
    return true
  })
  return { sightings, complete: complete || sightings.length > 0, from }
}

/** When Prometheus last took a sample of the run. Only a range selector shows the samples' own times. */
async function lastScrape(
  prometheus: PrometheusClient,
  selector: string,
  options: WatchOptions,
): Promise<number | undefined> {
  const result = await prometheus.query(`${selector}[1m]`, { signal: options.signal })
  const times = result.type === 'matrix' ? result.series.flatMap(({ samples }) => samples.map(({ time }) => time)) : []
  return times.length > 0 ? Math.max(...times) : undefined
}
