import type { TracesData } from '../../../otlp/types.ts'
import type { Trace, TraceSource } from '../traceql/source.ts'
import type { LiveTrace } from './live-trace.ts'
import { traceView } from './view.ts'

interface CutTrace {
  live: LiveTrace
  view: Trace
  /** Milliseconds since the epoch. */
  at: number
}

/** Traces that search can see and that are in no block yet. */
export class CutTraces implements TraceSource {
  readonly #traces = new Map<string, CutTrace>()
  #sorted: Trace[] | undefined
  spans = 0

  get size(): number {
    return this.#traces.size
  }

  /** Takes over a live trace, or adds its spans to the trace that was cut before. */
  add(live: LiveTrace, now: number): void {
    const known = this.#traces.get(live.id)?.live
    if (known !== undefined) {
      this.spans -= known.spanCount
      known.addAll(live.data())
      known.lastAppend = live.lastAppend
      known.segment = Math.min(known.segment, live.segment)
    }
    const whole = known ?? live
    this.spans += whole.spanCount
    this.#traces.set(live.id, { live: whole, view: traceView(live.id, whole.data()), at: now })
    this.#sorted = undefined
  }

  get(id: string): LiveTrace | undefined {
    return this.#traces.get(id)?.live
  }

  /** Forgets traces, that are in a block now. */
  remove(ids: Iterable<string>): void {
    for (const id of ids) {
      this.spans -= this.#traces.get(id)?.live.spanCount ?? 0
      this.#traces.delete(id)
    }
    this.#sorted = undefined
  }

  /** Traces that were cut before `before` and have been left alone since. */
  settled(before: number): { id: string; data: TracesData; view: Trace }[] {
    const result: ReturnType<CutTraces['settled']> = []
    for (const [id, { live, view, at }] of this.#traces) if (at <= before) result.push({ id, data: live.data(), view })
    return result
  }

  /** The oldest journal segment that is still needed. */
  oldestSegment(): number {
    let oldest = Number.POSITIVE_INFINITY
    for (const { live } of this.#traces.values()) oldest = Math.min(oldest, live.segment)
    return oldest
  }

  /** Those that are there at the call. */
  traces(startNanos: bigint, endNanos: bigint): Iterable<Trace> {
    this.#sorted ??= [...this.#traces.values()]
      .map(({ view }) => view)
      .sort((a, b) => (a.startNanos < b.startNanos ? 1 : a.startNanos > b.startNanos ? -1 : 0))
    const bound = startNanos > 0n && endNanos > 0n
    return this.#sorted.filter((t) => !bound || (t.startNanos <= endNanos && t.endNanos >= startNanos))
  }
}
