import {
  type Attributes,
  type Counter,
  context,
  type Histogram,
  isSpanContextValid,
  TraceFlags,
  trace,
} from '@opentelemetry/api'

/** As OTLP/JSON has it (opentelemetry-proto, metrics.proto, Exemplar). */
export interface Exemplar {
  timeUnixNano: string
  asDouble: number
  traceId?: string
  spanId?: string
}

export type ExemplarFilter = 'trace_based' | 'always_on' | 'always_off'

/**
 * What the JavaScript SDK lacks: it counts and measures, but forgets in which trace. Each measurement is given both
 * to the SDK's instrument and to this, which keeps the newest one for each bucket of a histogram and for each
 * counter, with the span that was active. The exporter adds them to the points they belong to.
 */
export class ExemplarReservoir {
  readonly #filter: ExemplarFilter
  readonly #now: () => number
  readonly #series = new Map<string, Map<number, Exemplar>>()

  constructor(filter: ExemplarFilter, now: () => number) {
    this.#filter = filter
    this.#now = now
  }

  counter(name: string, counter: Counter): Pick<Counter, 'add'> {
    return {
      add: (value, attributes = {}) => {
        counter.add(value, attributes)
        if (value > 0) this.#offer(name, attributes, 0, value)
      },
    }
  }

  histogram(name: string, histogram: Histogram, bounds: readonly number[]): Pick<Histogram, 'record'> {
    return {
      record: (value, attributes = {}) => {
        histogram.record(value, attributes)
        const above = bounds.findIndex((bound) => value <= bound)
        this.#offer(name, attributes, above === -1 ? bounds.length : above, value)
      },
    }
  }

  #offer(name: string, attributes: Attributes, bucket: number, value: number): void {
    if (this.#filter === 'always_off') return
    const span = trace.getSpanContext(context.active())
    const sampled = span !== undefined && isSpanContextValid(span) && (span.traceFlags & TraceFlags.SAMPLED) !== 0
    if (this.#filter === 'trace_based' && !sampled) return
    const key = seriesKey(name, attributes)
    const buckets = this.#series.get(key) ?? new Map<number, Exemplar>()
    this.#series.set(key, buckets)
    buckets.set(bucket, {
      timeUnixNano: `${BigInt(Math.round(this.#now() * 1000)) * 1000n}`,
      asDouble: value,
      ...(sampled ? { traceId: span.traceId, spanId: span.spanId } : {}),
    })
  }

  /**
   * Those of one point. A cumulative point keeps them for as long as it counts (the SDK specification wants them
   * between the point's start and its time), so that a scrape that comes late still sees them; a delta point's are
   * handed out once.
   */
  take(name: string, attributes: Attributes, delta: boolean): Exemplar[] {
    const key = seriesKey(name, attributes)
    const found = [...(this.#series.get(key)?.entries() ?? [])]
      .sort(([a], [b]) => a - b)
      .map(([, exemplar]) => exemplar)
    if (delta) this.#series.delete(key)
    return found
  }
}

function seriesKey(name: string, attributes: Attributes): string {
  return JSON.stringify([name, ...Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))])
}
