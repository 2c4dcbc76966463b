/** The window of a metrics query and its steps; nanoseconds since the epoch, the start excluded, the end included. */
export interface Window {
  startNanos: bigint
  endNanos: bigint
  stepNanos: bigint
  /** One value for the whole window. */
  instant: boolean
}

const SECOND = 1_000_000_000n

/** The step that Tempo takes when none is given: about 240 values, on a round figure. */
export function defaultStep(startNanos: bigint, endNanos: bigint): bigint {
  const range = endNanos - startNanos
  const baseline = range / 240n
  const round = (to: bigint) => (baseline / to) * to
  if (range < 60n * SECOND) return baseline > 50_000_000n ? round(50_000_000n) : 50_000_000n
  for (const seconds of [3600n, 300n, 60n, 15n, 5n, 1n]) {
    if (baseline > seconds * SECOND) return round(seconds * SECOND)
  }
  return SECOND
}

/** Moves start and end out to whole steps, and adds a step before: each refresh then counts the same intervals. */
export function aligned(window: Window): Window {
  if (window.instant) return window
  const { startNanos, endNanos, stepNanos } = window
  const start = startNanos - (startNanos % stepNanos)
  const rest = endNanos % stepNanos
  return {
    ...window,
    startNanos: start > stepNanos ? start - stepNanos : start,
    endNanos: rest === 0n ? endNanos : endNanos + stepNanos - rest,
  }
}

/** Maps times to steps: (start, start+step] is the first. */
export class Intervals {
  readonly window: Window
  readonly count: number
  readonly #start: bigint
  readonly #end: bigint
  readonly #step: number

  constructor(window: Window) {
    const { startNanos, endNanos, stepNanos, instant } = window
    this.window = window
    this.#step = Number(stepNanos)
    this.#start = instant ? startNanos : startNanos - (startNanos % stepNanos)
    const rest = endNanos % stepNanos
    this.#end = instant || rest === 0n ? endNanos : endNanos + stepNanos - rest
    this.count = instant ? 1 : Number((this.#end - this.#start) / stepNanos)
  }

  /** Whether a span that starts at `nanos` counts at all. */
  includes(nanos: bigint): boolean {
    const { startNanos, endNanos } = this.window
    return nanos > startNanos && nanos <= endNanos
  }

  /** -1 when `nanos` is outside. */
  of(nanos: bigint): number {
    if (nanos <= this.#start || nanos > this.#end) return -1
    return this.window.instant ? 0 : Math.ceil(Number(nanos - this.#start) / this.#step) - 1
  }

  /** -1 when `ms` is outside. */
  ofMs(ms: number): number {
    return this.of(BigInt(Math.trunc(ms)) * 1_000_000n)
  }

  /** Milliseconds since the epoch at the end of an interval. */
  timestampMs(interval: number): number {
    const end = this.window.instant ? this.#end : this.#start + BigInt(interval + 1) * this.window.stepNanos
    return Number(end / 1_000_000n)
  }
}
