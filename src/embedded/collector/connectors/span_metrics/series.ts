import type { Exemplar, KeyValue } from '../../../../otlp/types.ts'

export interface SeriesOptions<T> {
  make(): T
  /** 0 is no limit; past it everything goes into one series of its own. */
  limit: number
  maxExemplars: number
}

export interface Series<T> {
  attributes: KeyValue[]
  value: T
  exemplars: Exemplar[]
  startNs: bigint
  lastSeenMs: number
  /** Not yet told of: a counter then begins with 0, so that its first rise is seen. */
  fresh: boolean
}

const OVERFLOW = 'otel.metric.overflow'

/** The series of one metric of one resource. */
export class SeriesMap<T> {
  readonly #options: SeriesOptions<T>
  readonly #all = new Map<string, Series<T>>()

  constructor(options: SeriesOptions<T>) {
    this.#options = options
  }

  at(key: string, attributes: () => KeyValue[], nowMs: number): { series: Series<T>; overflown: boolean } {
    const known = this.#all.get(key)
    if (known) {
      known.lastSeenMs = nowMs
      return { series: known, overflown: false }
    }
    const { limit } = this.#options
    if (limit > 0 && this.#all.size >= limit && key !== OVERFLOW) {
      return { ...this.at(OVERFLOW, () => [{ key: OVERFLOW, value: true }], nowMs), overflown: true }
    }
    const startNs = BigInt(nowMs) * 1_000_000n
    const series = {
      attributes: attributes(),
      value: this.#options.make(),
      exemplars: [],
      startNs,
      lastSeenMs: nowMs,
      fresh: true,
    }
    this.#all.set(key, series)
    return { series, overflown: false }
  }

  addExemplar(series: Series<T>, traceId: string, spanId: string, value: number): void {
    if (series.exemplars.length >= this.#options.maxExemplars) return
    series.exemplars.push({ filteredAttributes: [], timeUnixNano: 0n, value, spanId, traceId })
  }

  /** What is told of is no longer new, and its exemplars were for this once. */
  settle(nowMs: number, expireMs: number): void {
    for (const [key, series] of this.#all) {
      series.fresh = false
      series.exemplars = []
      if (expireMs > 0 && nowMs - series.lastSeenMs >= expireMs) this.#all.delete(key)
    }
  }

  [Symbol.iterator](): IterableIterator<[string, Series<T>]> {
    return this.#all.entries()
  }
}
