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

/** This machine's, as the clock on its screen and this lab's timelines use it. */
export const localZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone

const HOURS = 3_600_000

/** How far a zone's clocks are ahead of UTC at that moment, in milliseconds. */
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

/** The moments at which clocks in the zone show this: none when they skip it, two when they go through it twice. */
export function momentsAt(zone: string, wall: Wall): number[] {
  const utc = utcOf(wall)
  const offsets = [utc - 26 * HOURS, utc, utc + 26 * HOURS].map((at) => offsetAt(zone, at))
  const found = [...new Set(offsets)].map((offset) => ({ offset, at: utc - offset }))
  return found.filter(({ offset, at }) => offsetAt(zone, at) === offset).map(({ at }) => at)
}

/** Whether the calendar has that day and the clock that time. */
export function isReal(wall: Wall): boolean {
  const { year, month, day, hour, minute, ms } = wall
  if (hour > 23 || minute > 59 || ms >= 60_000) return false
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}
