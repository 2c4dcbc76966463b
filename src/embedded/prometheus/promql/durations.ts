import { parseModelDuration } from '../../series/model-duration.ts'

/** A Go duration holds nanoseconds in 63 bits. */
export const MAX_SECONDS = 2 ** 63 / 1e9

/** `1h30m`, units descending and whole, as model.ParseDuration takes it; in ms. Throws Error with its words. */
export function parseDuration(text: string): number {
  const parsed = parseModelDuration(text)
  if ('error' in parsed) throw new Error(parsed.error)
  return Number(parsed.value / 1_000_000n)
}

/** Seconds as a query writes them, to whole ms, as the engine counts. */
export const toMs = (seconds: number) => Math.trunc(Math.round(seconds * 1e9) / 1e6)
