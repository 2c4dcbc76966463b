import { randomInt } from 'node:crypto'

/**
 * `r` and 10 characters of base 36: seconds since 2020 in 6, so that ids sort by time until 2088, then 4 at random.
 */
export function newRunId(now: number = Date.now()): string {
  const seconds = Math.floor((now - Date.UTC(2020, 0, 1)) / 1000)
  const random = randomInt(36 ** 4)
  return `r${seconds.toString(36).padStart(6, '0')}${random.toString(36).padStart(4, '0')}`
}
