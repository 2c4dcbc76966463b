import { parseDuration } from '../../../util/duration.ts'
import { parseModelDuration as modelDuration } from '../../series/model-duration.ts'

const UNITS_MS = [31_536_000_000, 604_800_000, 86_400_000, 3_600_000, 60_000, 1000, 1]

/** A duration as Prometheus writes it (`7d`, `1h30m`, `0`), in ms; undefined when it is none. */
export function parseModelDuration(text: string): number | undefined {
  const parsed = modelDuration(text)
  return 'error' in parsed ? undefined : Number(parsed.value / 1_000_000n)
}

/** Limits take Prometheus durations, the rest of the file Go's; every value that either knows is taken for both. */
export const parseAnyDuration = (text: string) => parseModelDuration(text) ?? parseDuration(text)

/** `30d1h`: as Prometheus prints a duration. */
export function formatModelDuration(ms: number): string {
  let rest = Math.round(ms)
  if (rest === 0) return '0s'
  let text = ''
  for (const [unit, size] of Object.entries({
    y: UNITS_MS[0]!,
    w: UNITS_MS[1]!,
    d: UNITS_MS[2]!,
    h: 3_600_000,
    m: 60_000,
    s: 1000,
    ms: 1,
  })) {
    // Years and weeks only where they come out even.
    if (size >= UNITS_MS[1]! && rest % size !== 0) continue
    const count = Math.floor(rest / size)
    if (count > 0) text += `${count}${unit}`
    rest -= count * size
  }
  return text
}

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
