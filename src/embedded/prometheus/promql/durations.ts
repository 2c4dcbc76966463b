const UNITS_MS = { y: 31_536_000_000, w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 }
/** A Go duration holds nanoseconds in 63 bits. */
export const MAX_SECONDS = 2 ** 63 / 1e9

/** `1h30m`, units descending and whole, as model.ParseDuration takes it; in ms. Throws Error with its words. */
export function parseDuration(text: string): number {
  const match = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text)
  if (match === null) throw new Error(`not a valid duration string: ${JSON.stringify(text)}`)
  const ms = Object.values(UNITS_MS).reduce((sum, unit, i) => sum + Number(match[i + 1] ?? 0) * unit, 0)
  if (ms > MAX_SECONDS * 1000) throw new Error('duration out of range')
  return ms
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
