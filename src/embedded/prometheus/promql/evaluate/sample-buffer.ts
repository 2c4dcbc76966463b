/** Samples of one series in two growing columns, reused from series to series. */
export class SampleBuffer {
  times = new Float64Array(256)
  values = new Float64Array(256)
  /** Indexes of staleness markers, ascending. */
  stale: number[] = []
  length = 0

  clear(): void {
    this.length = 0
    this.stale.length = 0
  }

  push(time: number, value: number, stale: boolean): void {
    if (this.length === this.times.length) this.#grow()
    if (stale) this.stale.push(this.length)
    this.times[this.length] = time
    this.values[this.length++] = value
  }

  #grow(): void {
    const times = new Float64Array(this.times.length * 2)
    const values = new Float64Array(this.times.length * 2)
    times.set(this.times)
    values.set(this.values)
    this.times = times
    this.values = values
  }

  /** Range vectors do not see staleness markers. */
  dropStale(): void {
    if (this.stale.length === 0) return
    const gone = new Set(this.stale)
    let kept = 0
    for (let i = 0; i < this.length; i++) {
      if (gone.has(i)) continue
      this.times[kept] = this.times[i]!
      this.values[kept++] = this.values[i]!
    }
    this.length = kept
    this.stale.length = 0
  }
}
