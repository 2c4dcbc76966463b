/** A span of time, in milliseconds since the epoch; fractions are kept where the backend takes them. */
export interface Window {
  start: number
  end: number
}

/** Milliseconds, fractions and all, as nanoseconds. */
export function toNanos(ms: number): bigint {
  const whole = Math.floor(ms)
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1e6))
}

/** Nanoseconds as milliseconds: a double keeps a few hundred nanoseconds of today's time. */
export const toMillis = (nanos: bigint): number => Number(nanos / 1_000_000n) + Number(nanos % 1_000_000n) / 1e6

/** Whole seconds around a window, as Tempo's search wants them; never empty. */
export function wholeSeconds({ start, end }: Window): { start: number; end: number } {
  const first = Math.floor(start / 1000)
  return { start: first, end: Math.max(first + 1, Math.ceil(end / 1000)) }
}
