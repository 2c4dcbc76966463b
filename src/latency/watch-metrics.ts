import type { MatrixSeries } from '../backends/prom-values.ts'
import type { PrometheusClient } from '../backends/prometheus.ts'
import type { Look } from './sighting.ts'
import { notebook, type ObservedRun, pollRun, type Watch, type WatchOptions, windowOf } from './watch.ts'

/**
 * From the end of the last span (of the program, where it has none) until Prometheus has the state that the metrics
 * had then. Which state that is shows only once nothing can come after it: `settleMs` is how long the collector
 * may keep what the program sent last. The samples' own times tell when each was fetched.
 */
export async function watchMetrics(
  prometheus: PrometheusClient,
  run: ObservedRun,
  options: WatchOptions & { settleMs: number },
): Promise<Watch> {
  const notes = notebook('metrics', run)
  const selector = selectorFor(prometheus, run, options)
  /** When each sample's time was first seen in an answer. */
  const looks = new Map<number, Look>()
  const complete = await pollRun(
    'metrics',
    run,
    options,
    async () => samplesOf(prometheus, await selector(), run, options),
    (series, look) => {
      const times = [...new Set(series.flatMap(({ samples }) => samples.map(({ time }) => time)))].sort((a, b) => a - b)
      for (const time of times) if (!looks.has(time)) looks.set(time, look)
      const final = times.find((time) => run.endedAt !== undefined && time >= run.endedAt + options.settleMs)
      if (final === undefined) return false
      const sampledAt = times.find((time) => time >= run.startedAt && isAsAt(series, time, final))!
      notes.note({ what: 'last state', madeAt: run.lastSpanEnd ?? run.endedAt!, sampledAt }, looks.get(sampledAt)!)
      return true
    },
  )
  return { sightings: notes.sightings, complete }
}

/**
 * The run's series. A program may have an instance id of its own: then target_info, which bears the run id, tells it;
 * until that has come, and where there is none, the run id is the instance.
 */
function selectorFor(prometheus: PrometheusClient, run: ObservedRun, { signal }: WatchOptions) {
  let known: string | undefined
  return async (): Promise<string> => {
    if (known !== undefined) return known
    const info = await prometheus.vector(`target_info{otel_lab_run_id=${JSON.stringify(run.runId)}}`, { signal })
    const labels = info[0]?.labels
    if (labels?.instance === undefined) return `{instance=${JSON.stringify(run.runId)}}`
    // Without honor_labels these are the scrape's own, which all programs behind one collector share.
    const own = labels.exported_instance === undefined ? '' : 'exported_'
    const pair = (name: string) => `${own}${name}=${JSON.stringify(labels[`${own}${name}`] ?? '')}`
    known = `{${pair('job')},${pair('instance')}}`
    return known
  }
}

/** Only a range selector shows the samples' own times. */
async function samplesOf(
  prometheus: PrometheusClient,
  selector: string,
  run: ObservedRun,
  { now, signal }: WatchOptions,
): Promise<MatrixSeries[]> {
  const minutes = Math.ceil((now() - run.startedAt) / 60_000) + 1
  const result = await prometheus.query(`${selector}[${minutes}m]`, { signal })
  // It comes with whatever else does, and is no measurement.
  return result.type === 'matrix' ? result.series.filter(({ labels }) => labels.__name__ !== 'target_info') : []
}

/** Every series has the same value at both times. */
function isAsAt(series: readonly MatrixSeries[], time: number, final: number): boolean {
  return series.every(({ samples }) => {
    const at = (when: number) => samples.find((sample) => sample.time === when)?.value
    return at(final) === undefined || at(time) === at(final)
  })
}

/** From the recording of a measurement, whose time an exemplar bears, until Prometheus has the exemplar. */
export async function watchExemplars(
  prometheus: PrometheusClient,
  run: ObservedRun,
  options: WatchOptions & { settleMs: number },
): Promise<Watch> {
  const notes = notebook('metrics-by-exemplar', run)
  const selectorNow = selectorFor(prometheus, run, options)
  let none = false
  const ask = async () => {
    const window = windowOf(run, options.now())
    const selector = await selectorNow()
    const [found, fetched] = await Promise.all([
      prometheus.exemplars(selector, window, { signal: options.signal }),
      run.endedAt === undefined ? [] : samplesOf(prometheus, selector, run, options),
    ])
    return { found, fetched: Math.max(0, ...fetched.flatMap(({ samples }) => samples.map(({ time }) => time))) }
  }
  const complete = await pollRun('metrics-by-exemplar', run, options, ask, ({ found, fetched }, look) => {
    for (const { exemplars } of found) {
      for (const { labels, time, value } of exemplars) {
        const traceId = labels.trace_id
        // One recording may be the exemplar of several series.
        notes.note({ what: traceId ?? `${time} ${value}`, madeAt: time, ...(traceId ? { traceId } : {}) }, look)
      }
    }
    if (run.endedAt === undefined) return false
    // The newest recording stays its bucket's exemplar, whatever came before it.
    const newest = [...run.traceIds].at(-1)
    if (newest !== undefined && notes.has(newest)) return true
    // Everything that the program sent was fetched: what has no exemplar by now never gets one.
    const over = fetched >= run.endedAt + options.settleMs
    none = over && notes.sightings.length === 0
    return over
  })
  return { sightings: notes.sightings, complete: complete && !none }
}
