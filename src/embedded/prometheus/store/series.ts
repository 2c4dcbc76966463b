import type { Labels } from '../../series/labels.ts'
import { type Chunk, OpenChunk } from './chunk.ts'

export type AppendResult = 'added' | 'same' | 'duplicate' | 'out-of-order' | 'too-old'

/** One series in memory: sealed chunks and an open one, disjoint in time and ascending. */
export class MemorySeries {
  readonly ref: number
  readonly labels: Labels
  /** Journal segment that holds this series' definition; 0 when none does yet. */
  definedIn = 0
  #sealed: Chunk[] = []
  #open: OpenChunk | undefined

  constructor(ref: number, labels: Labels) {
    this.ref = ref
    this.labels = labels
  }

  get chunks(): Chunk[] {
    return this.#open === undefined ? this.#sealed : [...this.#sealed, this.#open]
  }

  get count(): number {
    return this.#sealed.reduce((sum, chunk) => sum + chunk.count, this.#open?.count ?? 0)
  }

  /** Of the newest sample; -Infinity when there is none. */
  get lastTime(): number {
    return (this.#open ?? this.#sealed.at(-1))?.maxTime ?? Number.NEGATIVE_INFINITY
  }

  get last(): { time: number; value: number; stale: boolean } | undefined {
    const chunk = this.#open ?? this.#sealed.at(-1)
    if (chunk === undefined || chunk.count === 0) return undefined
    const i = chunk.count - 1
    return { time: chunk.time(i), value: chunk.value(i), stale: chunk.stale?.has(i) ?? false }
  }

  get minTime(): number | undefined {
    return (this.#sealed[0] ?? this.#open)?.minTime
  }

  /** What append would do, changing nothing. `window` in ms is how far behind the newest sample one may be. */
  judge(time: number, value: number, stale: boolean, window: number): AppendResult {
    if (time > this.lastTime) return 'added'
    const last = this.last!
    if (time === last.time) return last.stale === stale && Object.is(last.value, value) ? 'same' : 'duplicate'
    if (window === 0) return 'out-of-order'
    return time < last.time - window ? 'too-old' : 'added'
  }

  append(time: number, value: number, stale: boolean): void {
    if (time <= this.lastTime) {
      this.#insert(time, value, stale)
      return
    }
    if (this.#open?.append(time, value, stale)) return
    if (this.#open !== undefined) this.#sealed.push(this.#open.seal())
    this.#open = new OpenChunk(time)
    this.#open.append(time, value, stale)
  }

  /** Late samples are rare, so what follows them is simply written anew. */
  #insert(time: number, value: number, stale: boolean): void {
    const all = this.chunks
    const keep = all.findIndex((chunk) => chunk.maxTime >= time)
    const moved = all.slice(keep)
    this.#sealed = this.#sealed.slice(0, keep)
    this.#open = undefined
    let placed = false
    for (const chunk of moved) {
      for (let i = 0; i < chunk.count; i++) {
        const at = chunk.time(i)
        if (!placed && at >= time) {
          placed = true
          if (at > time) this.append(time, value, stale)
        }
        this.append(at, chunk.value(i), chunk.stale?.has(i) ?? false)
      }
    }
  }

  /** Drops whole chunks that end before `time`. */
  truncateBefore(time: number): void {
    const keep = this.#sealed.findIndex((chunk) => chunk.maxTime >= time)
    this.#sealed = keep === -1 ? [] : this.#sealed.slice(keep)
    if (this.#open !== undefined && this.#open.maxTime < time) this.#open = undefined
  }
}
