const UNITS_MS = { y: 31_536_000_000, w: 604_800_000, d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 }

/** Prometheus durations (`1d12h`, `15s`, `500ms`; whole numbers, units descending) in ms; undefined when it is none. */
export function parsePromDuration(text: string): number | undefined {
  if (text === '0') return 0
  const match = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text)
  if (match === null || text === '') return undefined
  return Object.values(UNITS_MS).reduce((sum, unit, i) => sum + Number(match[i + 1] ?? 0) * unit, 0)
}

/** `15s`, `1h30m`: as Prometheus prints durations. */
export function formatPromDuration(ms: number): string {
  if (ms === 0) return '0s'
  let rest = ms
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

/** `10MB`, `1GiB`, `512`: powers of 1024 under either name, as Prometheus takes them; in bytes. */
export function parsePromSize(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(?:([KMGTPE])i?)?B?$/.exec(text)
  if (match === null) return undefined
  return Number(match[1]) * 1024 ** (match[2] === undefined ? 0 : 'KMGTPE'.indexOf(match[2]) + 1)
}
