/** Samples per chunk, as Prometheus chooses it. */
export const CHUNK_SAMPLES = 120

/** Read-only samples, oldest first. `stale` holds the indexes of staleness markers, whose value is NaN. */
export interface Chunk {
  readonly count: number
  readonly minTime: number
  readonly maxTime: number
  /** Milliseconds since the epoch. */
  time(i: number): number
  value(i: number): number
  readonly stale: ReadonlySet<number> | undefined
  /** Bytes that the samples take, about. */
  readonly bytes: number
}

/** The chunk that is being filled. */
export class OpenChunk implements Chunk {
  #times = new Uint32Array(8)
  #values = new Float64Array(8)
  readonly #base: number
  count = 0
  stale: Set<number> | undefined

  constructor(base: number) {
    this.#base = base
  }

  get minTime() {
    return this.time(0)
  }

  get maxTime() {
    return this.time(this.count - 1)
  }

  get bytes() {
    return this.#times.length * 12
  }

  time(i: number): number {
    return this.#base + this.#times[i]!
  }

  value(i: number): number {
    return this.#values[i]!
  }

  /** False when the chunk is full or the time too far from its first (49 days): begin another. */
  append(time: number, value: number, stale: boolean): boolean {
    if (this.count >= CHUNK_SAMPLES || time - this.#base > 0xffff_ffff) return false
    if (this.count === this.#times.length) this.#grow()
    this.#times[this.count] = time - this.#base
    this.#values[this.count] = value
    if (stale) {
      this.stale ??= new Set()
      this.stale.add(this.count)
    }
    this.count++
    return true
  }

  #grow(): void {
    const size = Math.min(this.#times.length * 2, CHUNK_SAMPLES)
    const times = new Uint32Array(size)
    const values = new Float64Array(size)
    times.set(this.#times)
    values.set(this.#values)
    this.#times = times
    this.#values = values
  }

  /**
   * A smaller copy for keeps. Scrapes tick regularly and most series of a lab never change, so a step instead of
   * times and one number instead of values save nearly everything.
   */
  seal(): Chunk {
    const { count, stale } = this
    const base = this.minTime
    const step = count > 1 ? this.time(1) - base : 0
    let regular = true
    let single = true
    let narrow = true
    for (let i = 0; i < count; i++) {
      regular &&= this.time(i) === base + i * step
      single &&= Object.is(this.#values[i], this.#values[0])
      narrow &&= Object.is(Math.fround(this.#values[i]!), this.#values[i])
    }
    const times = regular ? undefined : this.#times.slice(0, count)
    const origin = this.#base
    const first = this.#values[0]!
    const values = single
      ? undefined
      : narrow
        ? Float32Array.from(this.#values.subarray(0, count))
        : this.#values.slice(0, count)
    return {
      count,
      stale,
      minTime: base,
      maxTime: this.maxTime,
      time: times === undefined ? (i) => base + i * step : (i) => origin + times[i]!,
      value: values === undefined ? () => first : (i) => values[i]!,
      bytes: 64 + (times?.byteLength ?? 0) + (values?.byteLength ?? 0),
    }
  }
}
