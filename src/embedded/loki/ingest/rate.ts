/** A token bucket, as golang.org/x/time/rate: so many bytes a second, and at most `burst` at once. */
export class TokenBucket {
  readonly #rate: number
  readonly #burst: number
  #tokens: number
  #at: number

  constructor(rate: number, burst: number, now: number) {
    this.#rate = rate
    this.#burst = burst
    this.#tokens = burst
    this.#at = now
  }

  /** Takes `bytes` if they are there now; else takes nothing. */
  take(bytes: number, now: number): boolean {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1000) * this.#rate)
    this.#at = now
    if (bytes > this.#tokens) return false
    this.#tokens -= bytes
    return true
  }

  /** Gives back what a push took that failed for another reason. */
  giveBack(bytes: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + bytes)
  }

  isFull(now: number): boolean {
    return this.#tokens + ((now - this.#at) / 1000) * this.#rate >= this.#burst
  }
}
