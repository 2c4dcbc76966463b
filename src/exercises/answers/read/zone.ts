import { offsetAt, utcOf, type Wall } from '../../../util/time-zone.ts'

/** This machine's, as the clock on its screen and this lab's timelines use it. */
export const localZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone

const HOURS = 3_600_000

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
