import type { FetchedSpan } from '../evaluate/fetched.ts'
import { printAttribute } from '../print.ts'
import type { Intervals } from './intervals.ts'
import type { Exemplar, Label } from './series.ts'

const PER_BUCKET = 2

/** Room for the exemplars of one series, spread over the window. */
export class ExemplarRoom {
  readonly list: Exemplar[] = []
  readonly #limit: number
  readonly #used: number[]
  readonly #startMs: number
  readonly #widthMs: number

  constructor(limit: number, intervals: Intervals) {
    const { startNanos, endNanos, instant } = intervals.window
    this.#limit = instant ? 0 : limit
    const buckets = Math.max(1, Math.floor(limit / PER_BUCKET))
    this.#used = new Array<number>(buckets).fill(0)
    this.#startMs = Number(startNanos / 1_000_000n)
    this.#widthMs = Math.max(1, Math.floor(Number((endNanos - startNanos) / 1_000_000n) / buckets))
  }

  add(exemplar: Exemplar): void {
    if (this.list.length >= this.#limit) return
    const bucket = Math.min(this.#used.length - 1, Math.floor((exemplar.timestampMs - this.#startMs) / this.#widthMs))
    if (bucket < 0 || this.#used[bucket]! >= PER_BUCKET) return
    this.#used[bucket]!++
    this.list.push(exemplar)
  }
}

/** Everything that was read of a span, as an exemplar's labels. */
export function exemplarLabels(span: FetchedSpan): Label[] {
  const labels = new Map<string, Label>()
  for (const list of span.lists()) {
    for (const [attribute, value] of list) {
      if (value.type === 'nil' || attribute.intrinsic === 'spanStartTime') continue
      const name = printAttribute(attribute)
      labels.set(name, { name, value })
    }
  }
  return [...labels.values()]
}
