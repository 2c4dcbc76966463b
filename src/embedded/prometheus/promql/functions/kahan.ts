/** Neumaier's compensated sum: what rounding lost is kept beside it. */
export class KahanSum {
  sum = 0
  lost = 0

  add(value: number): void {
    const total = this.sum + value
    if (!Number.isFinite(total) && !Number.isNaN(total)) this.lost = 0
    else if (Math.abs(this.sum) >= Math.abs(value)) this.lost += this.sum - total + value
    else this.lost += value - total + this.sum
    this.sum = total
  }

  get total(): number {
    return isInfinite(this.sum) ? this.sum : this.sum + this.lost
  }
}

export const isInfinite = (value: number) => value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY

/**
 * A mean by the sum, as long as that does not overflow; from then on by the mean so far, which cannot.
 * The first value is given to the constructor.
 */
export class KahanMean {
  #sum = new KahanSum()
  #count = 1
  #incremental = false

  constructor(first: number) {
    this.#sum.sum = first
  }

  add(value: number): void {
    const count = ++this.#count
    if (!this.#incremental) {
      const { sum, lost } = this.#sum
      this.#sum.add(value)
      if (!isInfinite(this.#sum.sum)) return
      this.#incremental = true
      this.#sum.sum = sum / (count - 1)
      this.#sum.lost = lost / (count - 1)
    }
    const share = (count - 1) / count
    this.#sum.sum *= share
    this.#sum.lost *= share
    this.#sum.add(value / count)
  }

  get mean(): number {
    const { sum, lost } = this.#sum
    return this.#incremental ? sum + lost : sum / this.#count + lost / this.#count
  }
}
