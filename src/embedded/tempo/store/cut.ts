import type { TracesData } from '../../../otlp/types.ts'
import type { Trace, TraceSource } from '../traceql/source.ts'
import type { LiveTrace } from './live-trace.ts'
import { traceView } from './view.ts'

interface CutTrace {
  live: LiveTrace
  view: Trace
}

/** Copies the spans of `from` into `to`, each once. */
export function addAll(to: LiveTrace, from: TracesData): void {
  for (const batch of from) for (const scope of batch.scopes) for (const span of scope.items) to.add(batch, scope, span)
}

/** Traces that search can see. */
export class CutTraces implements TraceSource {
  readonly #traces = new Map<string, CutTrace>()
  #sorted: Trace[] | undefined
  bytes = 0

  get size(): number {
    return this.#traces.size
  }

  /** Takes over a live trace, or adds its spans to the trace that was cut before. */
  add(live: LiveTrace): void {
    const known = this.#traces.get(live.id)?.live
    if (known !== undefined) {
      addAll(known, live.data())
      known.bytes += live.bytes
    }
    const whole = known ?? live
    this.bytes += live.bytes
    this.#traces.set(live.id, { live: whole, view: traceView(live.id, whole.data()) })
    this.#sorted = undefined
  }

  get(id: string): TracesData | undefined {
    return this.#traces.get(id)?.live.data()
  }

  *traces(startNanos: bigint, endNanos: bigint): Iterable<Trace> {
    this.#sorted ??= [...this.#traces.values()]
      .map(({ view }) => view)
      .sort((a, b) => (a.startNanos < b.startNanos ? 1 : a.startNanos > b.startNanos ? -1 : 0))
    const bound = startNanos > 0n && endNanos > 0n
    for (const trace of this.#sorted) {
      if (!bound || (trace.startNanos <= endNanos && trace.endNanos >= startNanos)) yield trace
    }
  }

  /** Forgets traces that ended before `endNanos`, and the oldest ones past `maxBytes`. Returns how many. */
  expire(endNanos: bigint, maxBytes: number): number {
    let dropped = 0
    const drop = (trace: Trace) => {
      this.bytes -= this.#traces.get(trace.id)!.live.bytes
      this.#traces.delete(trace.id)
      dropped++
    }
    for (const { view } of [...this.#traces.values()]) if (view.endNanos < endNanos) drop(view)
    if (this.bytes > maxBytes) {
      const oldestFirst = [...this.traces(0n, 0n)].reverse()
      for (const trace of oldestFirst) {
        if (this.bytes <= maxBytes) break
        if (this.#traces.has(trace.id)) drop(trace)
      }
    }
    if (dropped > 0) this.#sorted = undefined
    return dropped
  }

  /** Whole traces, for whoever writes them down. */
  *all(): Iterable<{ live: LiveTrace; view: Trace }> {
    yield* this.#traces.values()
  }
}
