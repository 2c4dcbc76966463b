import type { SentSeries } from '../../remote-write.ts'

export type Labels = readonly (readonly [string, string])[]

/** What some events add to the series of their labels. */
export interface Observed {
  counters: Record<string, number>
  /** Seconds by the histogram's name. */
  histograms: Record<string, { values: readonly number[]; buckets: readonly number[] }>
}

export interface RegistrySettings {
  externalLabels: Labels
  /** Milliseconds after which labels that are seen no more are forgotten. */
  staleDuration: number
}

interface Histogram {
  buckets: readonly number[]
  counts: number[]
  sum: number
}

interface Entry {
  labels: Labels
  counters: Map<string, number>
  histograms: Map<string, Histogram>
  updated: number
  /** Metrics that Prometheus has had once. */
  told: Set<string>
}

/** More sets of labels than this are not counted: a label explosion must not eat the lab. */
const MAX_ENTRIES = 2000

/** The generator's counters and histograms. */
export class Registry {
  dropped = 0
  readonly #entries = new Map<string, Entry>()
  readonly #settings: RegistrySettings

  constructor(settings: RegistrySettings) {
    this.#settings = settings
  }

  add(kind: string, labels: Labels, { counters, histograms }: Observed, now: number): void {
    const key = JSON.stringify([kind, labels])
    let entry = this.#entries.get(key)
    if (entry === undefined) {
      if (this.#entries.size >= MAX_ENTRIES) {
        this.dropped++
        return
      }
      entry = { labels, counters: new Map(), histograms: new Map(), updated: now, told: new Set() }
      this.#entries.set(key, entry)
    }
    entry.updated = now
    for (const [name, n] of Object.entries(counters)) entry.counters.set(name, (entry.counters.get(name) ?? 0) + n)
    for (const [name, { values, buckets }] of Object.entries(histograms)) {
      let histogram = entry.histograms.get(name)
      if (histogram === undefined) {
        histogram = { buckets, counts: new Array<number>(buckets.length + 1).fill(0), sum: 0 }
        entry.histograms.set(name, histogram)
      }
      for (const value of values) {
        const at = buckets.findIndex((end) => value <= end)
        histogram.counts[at < 0 ? buckets.length : at]!++
        histogram.sum += value
      }
    }
  }

  /** Everything as of `now`; `sent` is to be called when it has arrived. */
  collect(now: number): { series: SentSeries[]; sent: () => void } {
    const series: SentSeries[] = []
    const told: (() => void)[] = []
    // A series begins with a zero, else Prometheus would not see its first increase.
    const before = now - (now % 60_000) - 1
    for (const [key, entry] of this.#entries) {
      if (now - entry.updated > this.#settings.staleDuration) {
        this.#entries.delete(key)
        continue
      }
      const add = (name: string, value: number, more: Labels = []) => {
        const isNew = !entry.told.has(name)
        const samples = isNew && !name.endsWith('_sum') ? [{ value: 0, time: before }] : []
        samples.push({ value, time: now })
        const labels = [...entry.labels, ...this.#settings.externalLabels, ...more, ['__name__', name] as const]
        series.push({ labels: labels.filter(([, text]) => text !== ''), samples })
        if (isNew) told.push(() => entry.told.add(name))
      }
      for (const [name, value] of entry.counters) add(name, value)
      for (const [name, histogram] of entry.histograms) addHistogram(name, histogram, add)
    }
    return {
      series,
      sent: () => {
        for (const tell of told) tell()
      },
    }
  }
}

function addHistogram(
  name: string,
  { buckets, counts, sum }: Histogram,
  add: (name: string, value: number, more?: Labels) => void,
): void {
  let below = 0
  for (const [i, count] of counts.entries()) {
    below += count
    add(`${name}_bucket`, below, [['le', String(buckets[i] ?? '+Inf')]])
  }
  add(`${name}_sum`, sum)
  add(`${name}_count`, below)
}
