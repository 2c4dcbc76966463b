import type { Edge } from './edges.ts'
import type { WriteSeries } from './remote-write.ts'

export interface SeriesSettings {
  /** Upper ends of the latency buckets, in seconds. */
  buckets: readonly number[]
  dimensions: readonly string[]
  externalLabels: readonly (readonly [string, string])[]
  /** Milliseconds after which a pair of services that call no more is forgotten. */
  staleDuration: number
}

interface Histogram {
  counts: number[]
  sum: number
}

/** All that is counted of one pair of services. */
interface Pair {
  labels: [string, string][]
  total: number
  failed: number
  server: Histogram
  client: Histogram
  updated: number
  /** Metrics that Prometheus has had once. */
  told: Set<string>
}

/** More pairs than this are not counted: a label explosion must not eat the lab. */
const MAX_PAIRS = 2000
const PREFIX = 'traces_service_graph_request'

/** The counters and histograms from which Grafana draws its service map. */
export class EdgeSeries {
  dropped = 0
  readonly #pairs = new Map<string, Pair>()
  readonly #settings: SeriesSettings

  constructor(settings: SeriesSettings) {
    this.#settings = settings
  }

  count(edge: Edge, now: number): void {
    const labels: [string, string][] = [
      ['client', edge.client],
      ['server', edge.server],
      ['connection_type', edge.connectionType],
      ...this.#settings.dimensions.map((name): [string, string] => [
        name.replace(/[^a-zA-Z0-9_]/g, '_'),
        edge.dimensions.get(name) ?? '',
      ]),
    ]
    const key = JSON.stringify(labels)
    let pair = this.#pairs.get(key)
    if (pair === undefined) {
      if (this.#pairs.size >= MAX_PAIRS) {
        this.dropped++
        return
      }
      const empty = () => ({ counts: new Array<number>(this.#settings.buckets.length + 1).fill(0), sum: 0 })
      pair = { labels, total: 0, failed: 0, server: empty(), client: empty(), updated: now, told: new Set() }
      this.#pairs.set(key, pair)
    }
    pair.updated = now
    pair.total++
    if (edge.failed) pair.failed++
    this.#observe(pair.server, edge.serverSeconds)
    this.#observe(pair.client, edge.clientSeconds)
  }

  #observe(histogram: Histogram, value: number): void {
    const at = this.#settings.buckets.findIndex((end) => value <= end)
    histogram.counts[at < 0 ? this.#settings.buckets.length : at]!++
    histogram.sum += value
  }

  /** Everything as of `now`; `sent` is to be called when it has arrived. */
  collect(now: number): { series: WriteSeries[]; sent: () => void } {
    const series: WriteSeries[] = []
    const told: (() => void)[] = []
    // A series begins with a zero, else Prometheus would not see its first increase.
    const before = now - (now % 60_000) - 1
    for (const [key, pair] of this.#pairs) {
      if (now - pair.updated > this.#settings.staleDuration) {
        this.#pairs.delete(key)
        continue
      }
      const add = (name: string, value: number, more: [string, string][] = []) => {
        const isNew = !pair.told.has(name)
        const samples = isNew && !name.endsWith('_sum') ? [{ value: 0, time: before }] : []
        samples.push({ value, time: now })
        const labels = [...pair.labels, ...this.#settings.externalLabels, ...more, ['__name__', name] as const]
        series.push({ labels: labels.filter(([, text]) => text !== ''), samples })
        if (isNew) told.push(() => pair.told.add(name))
      }
      add(`${PREFIX}_total`, pair.total)
      if (pair.failed > 0) add(`${PREFIX}_failed_total`, pair.failed)
      this.#collectHistogram(`${PREFIX}_server_seconds`, pair.server, add)
      this.#collectHistogram(`${PREFIX}_client_seconds`, pair.client, add)
    }
    return {
      series,
      sent: () => {
        for (const tell of told) tell()
      },
    }
  }

  #collectHistogram(
    name: string,
    { counts, sum }: Histogram,
    add: (name: string, value: number, more?: [string, string][]) => void,
  ): void {
    let below = 0
    for (const [i, count] of counts.entries()) {
      below += count
      add(`${name}_bucket`, below, [['le', String(this.#settings.buckets[i] ?? '+Inf')]])
    }
    add(`${name}_sum`, sum)
    add(`${name}_count`, below)
  }
}
