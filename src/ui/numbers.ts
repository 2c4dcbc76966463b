import { digits, humanDuration } from '../util/human-duration.ts'

export { digits, humanDuration }

/** Bytes for people, in powers of 1024. */
export function humanBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let unit = 0
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 ? String(value) : digits(value)} ${units[unit]}`
}
