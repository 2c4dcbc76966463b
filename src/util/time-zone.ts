/** A time of day on a calendar, without a zone. */
export interface Wall {
  year: number
  /** From 1. */
  month: number
  day: number
  hour: number
  minute: number
  /** With its fraction, in milliseconds. */
  ms: number
}

/** How far a zone's clocks are ahead of UTC at that moment, in milliseconds. Throws RangeError for a zone that is none. */
export function offsetAt(zone: string, at: number): number {
  const wall = wallAt(zone, at)
  return utcOf(wall) - Math.floor(at / 1000) * 1000
}

/** What a clock in the zone shows, to the second. */
export function wallAt(zone: string, at: number): Wall {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const { year, month, day, hour, minute, second } = part as Record<string, number>
  return { year: year!, month: month!, day: day!, hour: hour!, minute: minute!, ms: second! * 1000 }
}

/** As if it were UTC. */
export const utcOf = ({ year, month, day, hour, minute, ms }: Wall) =>
  Date.UTC(year, month - 1, day, hour, minute, 0) + ms

/** Minutes that a zone of the IANA database is ahead of UTC at an instant; undefined for a name that it has not. */
export function zoneOffset(zone: string, utcMs: number): number | undefined {
  try {
    return Math.round(offsetAt(zone, utcMs) / 60_000)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** The same for what a clock on the wall there shows, given as if it were UTC. */
export function wallOffset(zone: string, wallMs: number): number | undefined {
  const guess = zoneOffset(zone, wallMs)
  return guess === undefined ? undefined : zoneOffset(zone, wallMs - guess * 60_000)
}
