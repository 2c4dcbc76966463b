import { setImmediate } from 'node:timers/promises'
import { EvaluationError, failed } from '../errors.ts'

/** The lab's process serves more than queries: after so long others get their turn. */
const TURN_MS = 30

/** What one query may take: time until a deadline, and cells of memory. */
export class Budget {
  readonly #deadline: number
  readonly #now: () => number
  readonly #maxSamples: number
  #held = 0
  #turnEnds: number

  constructor(limits: { deadline: number; maxSamples: number; now: () => number }) {
    this.#deadline = limits.deadline
    this.#maxSamples = limits.maxSamples
    this.#now = limits.now
    this.#turnEnds = limits.now() + TURN_MS
  }

  /** Counts samples before memory is taken for them. Throws EvaluationError. */
  hold(samples: number): void {
    this.#held += samples
    if (this.#held > this.#maxSamples) {
      throw failed('query processing would load too many samples into memory in query execution')
    }
  }

  /** Memory that the caller no longer needs. */
  release(samples: number): void {
    this.#held -= samples
  }

  /** True when it is time to `pause`. */
  get due(): boolean {
    return this.#now() >= this.#turnEnds
  }

  /** Lets others run. Rejects with EvaluationError `timeout` past the deadline. */
  async pause(): Promise<void> {
    await setImmediate()
    this.check()
    this.#turnEnds = this.#now() + TURN_MS
  }

  /** Throws EvaluationError `timeout` past the deadline. */
  check(): void {
    if (this.#now() > this.#deadline) throw new EvaluationError('timeout', 'query timed out in expression evaluation')
  }
}
