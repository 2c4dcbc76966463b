import type { ScrapeConfig } from '../config/scrape-config.ts'
import type { Store } from '../store.ts'
import type { Fetcher } from './fetch.ts'
import { type Log, Scraper } from './scraper.ts'
import { type DroppedTarget, targetKey, targetsOf } from './target.ts'

/** All scrapers of the running config. */
export class ScrapeManager {
  readonly #store: Store
  readonly #fetcher: Fetcher
  readonly #log: Log
  #scrapers = new Map<string, { scraper: Scraper; config: string }>()
  dropped: DroppedTarget[] = []

  constructor(store: Store, fetcher: Fetcher, log: Log) {
    this.#store = store
    this.#fetcher = fetcher
    this.#log = log
  }

  get scrapers(): Scraper[] {
    return [...this.#scrapers.values()].map(({ scraper }) => scraper)
  }

  /** Starts what is new, leaves alone what stayed the same, ends what is gone. */
  async apply(jobs: readonly ScrapeConfig[]): Promise<void> {
    const next = new Map<string, { scraper: Scraper; config: string }>()
    this.dropped = []
    for (const job of jobs) {
      const { active, dropped } = targetsOf(job)
      this.dropped.push(...dropped)
      if (job.targetLimit > 0 && active.length > job.targetLimit) {
        this.#log('error', 'target_limit exceeded', {
          scrape_pool: job.jobName,
          targets: active.length,
          limit: job.targetLimit,
        })
        continue
      }
      const config = JSON.stringify(job, (_, value) => (value instanceof RegExp ? String(value) : value))
      for (const target of active) {
        const key = `${job.jobName}\n${targetKey(target)}`
        const old = this.#scrapers.get(key)
        next.set(
          key,
          old?.config === config
            ? old
            : { scraper: new Scraper(target, this.#store, this.#fetcher, this.#log), config },
        )
      }
    }
    const before = this.#scrapers
    this.#scrapers = next
    const ended = [...before].filter(([key, { scraper }]) => next.get(key)?.scraper !== scraper)
    await Promise.all(ended.map(([key, { scraper }]) => scraper.stop({ vanished: !next.has(key) })))
    for (const [key, { scraper }] of next) if (before.get(key)?.scraper !== scraper) scraper.start()
  }

  async stop(): Promise<void> {
    await Promise.all(this.scrapers.map((scraper) => scraper.stop({ vanished: false })))
    this.#scrapers.clear()
  }
}
