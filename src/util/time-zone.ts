/** Minutes that a zone of the IANA database is ahead of UTC at an instant; undefined for a name that it has not. */
export function zoneOffset(zone: string, utcMs: number): number | undefined {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    return undefined
  }
  const part = Object.fromEntries(format.formatToParts(utcMs).map(({ type, value }) => [type, Number(value)]))
  const wall = Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!)
  return Math.round((wall - Math.floor(utcMs / 1000) * 1000) / 60_000)
}

/** The same for what a clock on the wall there shows, given as if it were UTC. */
export function wallOffset(zone: string, wallMs: number): number | undefined {
  const guess = zoneOffset(zone, wallMs)
  return guess === undefined ? undefined : zoneOffset(zone, wallMs - guess * 60_000)
}
