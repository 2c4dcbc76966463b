import type { TracesData } from '../../../otlp/types.ts'
import type { Trace, TraceSource } from '../traceql/source.ts'
import { addAll, CutTraces } from './cut.ts'
import { LiveTrace } from './live-trace.ts'
import { truncateAttributes } from './truncate.ts'

const NO_ID = '0'.repeat(16)

export interface StoreSettings {
  /** Milliseconds. */
  maxTraceIdle: number
  maxTraceLive: number
  blockRetention: number
  /** Longer keys and texts are cut, as Tempo's distributor does. */
  maxAttributeBytes: number
  /** What cut traces may take before the oldest are dropped. */
  maxBytes: number
}

/**
 * Traces by id at once; by search only when they were cut, that is when nothing came for `maxTraceIdle` or they
 * have been open for `maxTraceLive`. Time is an argument, in milliseconds since the epoch.
 */
export class TraceStore implements TraceSource {
  readonly #settings: StoreSettings
  readonly #live = new Map<string, LiveTrace>()
  readonly #cut = new CutTraces()

  constructor(settings: StoreSettings) {
    this.#settings = settings
  }

  /** `bytes` is the size of the request, for the books. */
  append(data: TracesData, bytes: number, now: number): void {
    truncateAttributes(data, this.#settings.maxAttributeBytes)
    const spans = data.reduce((n, batch) => n + batch.scopes.reduce((m, scope) => m + scope.items.length, 0), 0)
    const share = spans === 0 ? 0 : bytes / spans
    for (const batch of data) {
      for (const scope of batch.scopes) {
        for (const span of scope.items) {
          if (span.spanId === '') {
            // Without an id it cannot be anybody's parent, nor a root.
            span.spanId = NO_ID
            span.parentSpanId ||= NO_ID
          }
          let trace = this.#live.get(span.traceId)
          if (trace === undefined) {
            trace = new LiveTrace(span.traceId, now)
            this.#live.set(span.traceId, trace)
          }
          trace.lastAppend = now
          if (trace.add(batch, scope, span)) trace.bytes += share
        }
      }
    }
  }

  /** Cuts what is due; all of it when `force`d. Returns how many traces. */
  cut(now: number, force = false): number {
    const { maxTraceIdle, maxTraceLive } = this.#settings
    let count = 0
    for (const trace of this.#live.values()) {
      if (!force && now - trace.lastAppend < maxTraceIdle && now - trace.since < maxTraceLive) continue
      this.#live.delete(trace.id)
      this.#cut.add(trace)
      count++
    }
    return count
  }

  /** Drops what is too old, or too much. Returns how many traces. */
  expire(now: number): number {
    const before = BigInt(Math.trunc(now - this.#settings.blockRetention)) * 1_000_000n
    return this.#cut.expire(before, this.#settings.maxBytes)
  }

  /** All spans of a trace, live and cut, each once. `id` is 32 hex digits. */
  find(id: string): TracesData | undefined {
    const live = this.#live.get(id)
    const cut = this.#cut.get(id)
    if (live === undefined || cut === undefined) return live?.data() ?? cut
    const both = new LiveTrace(id, 0)
    addAll(both, cut)
    addAll(both, live.data())
    return both.data()
  }

  traces(startNanos: bigint, endNanos: bigint): Iterable<Trace> {
    return this.#cut.traces(startNanos, endNanos)
  }

  get liveTraces(): number {
    return this.#live.size
  }
  get cutTraces(): number {
    return this.#cut.size
  }
}
