import { parseDuration } from '../../../util/duration.ts'
import { modelDurationMs } from '../../series/model-duration.ts'

/** Limits take Prometheus durations, the rest of the file Go's; every value that either knows is taken for both. */
export const parseAnyDuration = (text: string) => modelDurationMs(text) ?? parseDuration(text)

/** `256KB`, `1.5MB`: powers of 1024 under either name, as Loki's ByteSize takes them. */
export function parseByteSize(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(?:([KMGTPE])i?)?B?\s*$/i.exec(text)
  if (match === null) return undefined
  const power = match[2] === undefined ? 0 : 'KMGTPE'.indexOf(match[2].toUpperCase()) + 1
  return Math.round(Number(match[1]) * 1024 ** power)
}

/** As Loki prints a ByteSize. */
export function formatByteSize(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${Number(value.toFixed(value < 10 ? 1 : 0))}${units[unit]}`
}
