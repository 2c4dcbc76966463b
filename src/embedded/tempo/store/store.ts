import { type TracesData, WIRE } from '../../../otlp/types.ts'
import type { Trace, TraceNeed, TraceSource } from '../traceql/source.ts'
import type { BlockStore } from './blocks.ts'
import { CutTraces } from './cut.ts'
import { LiveTrace } from './live-trace.ts'
import { truncateAttributes } from './truncate.ts'

const NO_ID = '0'.repeat(16)

export interface StoreSettings {
  /** Milliseconds. */
  maxTraceIdle: number
  maxTraceLive: number
  maxBlockDuration: number
  blockRetention: number
  /** Longer keys and texts are cut, as Tempo's distributor does. */
  maxAttributeBytes: number
  /** What blocks may take in memory before the oldest are dropped. */
  maxBytes: number
}

/** Past so many spans that are in no block yet, a block is made at once. */
const CROWDED_SPANS = 20_000

/**
 * Traces by id at once; by search only when they were cut, that is when nothing came for `maxTraceIdle` or they
 * have been open for `maxTraceLive`. Cut traces are written to a block after `maxBlockDuration`, and their part of
 * the journal is let go. Time is an argument, in milliseconds since the epoch.
 */
export class TraceStore implements TraceSource {
  readonly #settings: StoreSettings
  readonly #blocks: BlockStore
  readonly #live = new Map<string, LiveTrace>()
  readonly #cut = new CutTraces()
  readonly #coming = new Set<{ segment: number }>()
  #liveSpans = 0

  constructor(settings: StoreSettings, blocks: BlockStore) {
    this.#settings = settings
    this.#blocks = blocks
  }

  /** `segment` is where the journal has the request. */
  append(data: TracesData, segment: number, now: number): void {
    truncateAttributes(data, this.#settings.maxAttributeBytes)
    for (const batch of data) {
      for (const scope of batch.scopes) {
        for (const span of scope.items) {
          if (span.spanId === '') {
            // Without an id it cannot be anybody's parent, nor a root.
            delete span[WIRE]
            span.spanId = NO_ID
            span.parentSpanId ||= NO_ID
          }
          const trace = this.#liveTrace(span.traceId, segment, now)
          if (trace.add(batch, scope, span)) this.#liveSpans++
        }
      }
    }
  }

  #liveTrace(id: string, segment: number, now: number): LiveTrace {
    let trace = this.#live.get(id)
    if (trace === undefined) {
      trace = new LiveTrace(id, now, segment, [...(this.#cut.get(id)?.keys() ?? []), ...this.#blocks.spanKeys(id)])
      this.#live.set(id, trace)
    }
    trace.lastAppend = now
    return trace
  }

  /** Too much is held as objects: `flush` before taking more. */
  get crowded(): boolean {
    return this.#liveSpans + this.#cut.spans > 2 * CROWDED_SPANS
  }

  /** Cuts what is due, all of it when `all`. A trace that comes again after it went to a block is fetched from there. */
  async cut(now: number, all = false): Promise<void> {
    const { maxTraceIdle, maxTraceLive } = this.#settings
    for (const trace of [...this.#live.values()]) {
      if (!all && now - trace.lastAppend < maxTraceIdle && now - trace.since < maxTraceLive) continue
      if (trace.spanCount === 0) {
        // It came again and was all known: after a crash the journal may hold much of what is in a block.
        this.#live.delete(trace.id)
        continue
      }
      const before = this.#blocks.has(trace.id) ? await this.#blocks.find(trace.id) : []
      this.#live.delete(trace.id)
      this.#liveSpans -= trace.spanCount
      const whole = new LiveTrace(trace.id, trace.since, trace.segment)
      whole.lastAppend = trace.lastAppend
      whole.addAll(before)
      whole.addAll(trace.data())
      this.#cut.add(whole, now)
      this.#blocks.hide(trace.id)
    }
  }

  /** Writes blocks where it is time. */
  async flush(now: number): Promise<void> {
    await this.cut(now, this.#liveSpans > CROWDED_SPANS)
    const crowded = this.#cut.spans > CROWDED_SPANS
    const settled = this.#cut.settled(crowded ? now : now - this.#settings.maxBlockDuration)
    if (settled.length > 0) {
      // Oldest first, as a block is read backwards.
      const times = new Map([...this.#cut.traces(0n, 0n)].map((t, i) => [t.id, i]))
      settled.sort((a, b) => times.get(b.id)! - times.get(a.id)!)
      await this.#blocks.seal(settled)
      this.#cut.remove(settled.map(({ id }) => id))
    }
  }

  compact(): Promise<void> {
    return this.#blocks.compact()
  }

  /**
   * Says that a request is on its way into the journal, at the earliest into `segment`; the function that it returns,
   * that `append` has it or that there is none. What is on disk and not here yet must not be let go of.
   */
  expect(segment: number): () => void {
    const coming = { segment }
    this.#coming.add(coming)
    return () => this.#coming.delete(coming)
  }

  /** The oldest journal segment that is still needed. */
  get oldestSegment(): number {
    let oldest = this.#cut.oldestSegment()
    for (const { segment } of this.#live.values()) oldest = Math.min(oldest, segment)
    for (const { segment } of this.#coming) oldest = Math.min(oldest, segment)
    return oldest
  }

  /** Drops blocks that are too old, or too many. */
  expire(now: number): Promise<void> {
    const before = BigInt(Math.trunc(now - this.#settings.blockRetention)) * 1_000_000n
    return this.#blocks.expire(before, this.#settings.maxBytes)
  }

  /** All spans of a trace, each once, wherever they are. `id` is 32 hex digits. */
  async find(id: string): Promise<TracesData | undefined> {
    const all = new LiveTrace(id, 0, 0)
    all.addAll(await this.#blocks.find(id))
    all.addAll(this.#cut.get(id)?.data() ?? [])
    all.addAll(this.#live.get(id)?.data() ?? [])
    return all.spanCount === 0 ? undefined : all.data()
  }

  /** What is there now: a trace that goes into a block while somebody reads is not seen twice. */
  traces(startNanos: bigint, endNanos: bigint, need: TraceNeed = 'maybe'): Iterable<Trace> {
    return both(this.#cut.traces(startNanos, endNanos), this.#blocks.traces(startNanos, endNanos, need))
  }

  get stats(): Record<string, number> {
    return { live: this.#live.size, cut: this.#cut.size, blocks: this.#blocks.count, spansInBlocks: this.#blocks.spans }
  }
}

function* both<T>(first: Iterable<T>, second: Iterable<T>): Iterable<T> {
  yield* first
  yield* second
}
