import { parseModelDuration } from '../../series/model-duration.ts'

const UNITS_MS = { y: 31_536_000_000, w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
/** A Go duration holds nanoseconds in 63 bits. */
export const MAX_SECONDS = 2 ** 63 / 1e9

/** `1h30m`, units descending and whole, as model.ParseDuration takes it; in ms. Throws Error with its words. */
export function parseDuration(text: string): number {
  const parsed = parseModelDuration(text)
  if ('error' in parsed) throw new Error(parsed.error)
  return Number(parsed.value / 1_000_000n)
}

/** As Prometheus prints durations: `5m`, `1h30m`, `90d`. */
export function formatDuration(ms: number): string {
  let rest = Math.trunc(ms)
  if (rest === 0) return '0s'
  let text = ''
  for (const [unit, size] of Object.entries(UNITS_MS)) {
    // Years, weeks and days only where they come out even.
    if (size >= UNITS_MS.d && rest % size !== 0) continue
    const count = Math.floor(rest / size)
    if (count > 0) text += `${count}${unit}`
    rest -= count * size
  }
  return text
}

/** Seconds as a query writes them, to whole ms, as the engine counts. */
export const toMs = (seconds: number) => Math.trunc(Math.round(seconds * 1e9) / 1e6)
