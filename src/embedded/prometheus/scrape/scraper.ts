import type { MemorySeries } from '../store/series.ts'
import type { Sample, Store } from '../store.ts'
import { batchOf, type PageBatch, type SeriesCache } from './batch.ts'
import type { Fetcher } from './fetch.ts'
import { type Metadata, parsePage } from './page.ts'
import { reportLabels } from './sample-labels.ts'
import { offsetMs, type Target } from './target.ts'

export type Log = (level: 'info' | 'warn' | 'error', message: string, fields: Record<string, unknown>) => void

/** A timer may be this late and the sample still bear the tick's time, which then compresses to nothing. */
const TOLERANCE_MS = 2

/** Scrapes one target on its clock, from start() to stop(). */
export class Scraper {
  readonly target: Target
  health: 'unknown' | 'up' | 'down' = 'unknown'
  lastError = ''
  /** Milliseconds since the epoch; undefined before the first scrape. */
  lastScrape: number | undefined
  lastDurationSeconds = 0
  metadata = new Map<string, Metadata>()
  readonly #store: Store
  readonly #fetcher: Fetcher
  readonly #log: Log
  #cache: SeriesCache = new Map()
  #tracked = new Set<MemorySeries>()
  #timer: NodeJS.Timeout | undefined
  #abort: AbortController | undefined
  #running: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(target: Target, store: Store, fetcher: Fetcher, log: Log) {
    this.target = target
    this.#store = store
    this.#fetcher = fetcher
    this.#log = log
  }

  start(now = Date.now()): void {
    const { intervalMs } = this.target
    const offset = offsetMs(this.target)
    const tick = Math.floor((now - offset) / intervalMs) * intervalMs + intervalMs + offset
    this.#timer = setTimeout(() => {
      const late = Date.now() - tick
      const time = late <= Math.min(TOLERANCE_MS, intervalMs / 100) ? tick : Date.now()
      this.#running = this.scrape(time)
      void this.#running.then(() => {
        if (!this.#stopped) this.start()
      })
    }, tick - now)
  }

  /** `vanished`: the target is gone from the config, so its series end now. Not at shutdown: they go on after it. */
  async stop(options: { vanished: boolean }): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#abort?.abort()
    await this.#running
    if (!options.vanished) return
    const time = Date.now()
    const reports = REPORTS.map((name) => this.#store.head.find(reportLabels(name, this.target)))
    const ended = [...this.#tracked, ...reports].filter((series) => series !== undefined)
    await this.#commit(() => ({ samples: ended.map((series) => staleMark(series, time)), exemplars: [] }))
  }

  /** One scrape, stamped `time` (ms). Never rejects: what fails is in `lastError` and the log. */
  async scrape(time: number): Promise<void> {
    const { target } = this
    const began = performance.now()
    let batch: PageBatch | undefined
    let failure = ''
    this.#abort = new AbortController()
    const timeout = setTimeout(() => this.#abort?.abort(), target.timeoutMs)
    try {
      const page = await this.#fetcher.fetch(target, this.#abort.signal)
      const parsed = parsePage(page.body, page.contentType, target.job.fallbackProtocol)
      batch = batchOf(parsed, target, this.#store, this.#cache, time)
      this.metadata = parsed.metadata
    } catch (error) {
      if (this.#stopped) return
      failure = (error as Error).message
      // A dead target is news once, not at every tick.
      if (failure !== this.lastError)
        this.#log('warn', 'Scrape failed', { scrape_pool: target.job.jobName, target: target.url, err: failure })
    } finally {
      clearTimeout(timeout)
    }
    const duration = Math.round((performance.now() - began) * 1e6) / 1e9
    const gone = [...this.#tracked].filter((series) => !batch?.tracked.has(series))
    const stored = await this.#commit(() => ({
      samples: [
        ...(batch?.samples ?? []),
        ...gone.map((series) => staleMark(series, time)),
        ...this.#report(time, duration, batch, failure === ''),
      ],
      exemplars: batch?.exemplars ?? [],
    }))
    if (stored === '') {
      this.#tracked = batch?.tracked ?? new Set()
      this.#cache = batch?.cache ?? this.#cache
    }
    this.lastError = failure || stored
    this.health = this.lastError === '' ? 'up' : 'down'
    this.lastScrape = time
    this.lastDurationSeconds = duration
  }

  #report(time: number, duration: number, batch: PageBatch | undefined, up: boolean): Sample[] {
    const values = [up ? 1 : 0, duration, batch?.scraped ?? 0, batch?.kept ?? 0, batch?.seriesAdded ?? 0]
    return REPORTS.map((name, i) => ({
      series: this.#store.head.getOrCreate(reportLabels(name, this.target)),
      time,
      value: values[i]!,
      stale: false,
    }))
  }

  /** '' or why it could not be stored. */
  async #commit(collect: () => Pick<PageBatch, 'samples' | 'exemplars'>): Promise<string> {
    const fields = { scrape_pool: this.target.job.jobName, target: this.target.url }
    try {
      const batch = collect()
      const { duplicate, outOfOrder, tooOld } = await this.#store.commit(batch.samples, batch.exemplars)
      const warn = (count: number, what: string) => {
        if (count > 0) this.#log('warn', `Error on ingesting ${what}`, { ...fields, num_dropped: count })
      }
      warn(duplicate, 'samples with different value but same timestamp')
      warn(outOfOrder, 'out-of-order samples')
      warn(tooOld, 'samples that are too old or are too far into the future')
      return ''
    } catch (error) {
      this.#log('error', 'Scrape commit failed', { ...fields, err: (error as Error).message })
      return (error as Error).message
    }
  }
}

const REPORTS = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
]

const staleMark = (series: MemorySeries, time: number): Sample => ({ series, time, value: Number.NaN, stale: true })
