import { type Parsed, parseFloat64 } from './number.ts'

const UNITS = new Map<string, number>([
  ['', 1],
  ['b', 1],
])
for (const [i, letter] of [...'kmgtpe'].entries()) {
  for (const name of [letter, `${letter}b`]) UNITS.set(name, 1000 ** (i + 1))
  for (const name of [`${letter}i`, `${letter}ib`]) UNITS.set(name, 1024 ** (i + 1))
}

/** go-humanize's ParseBytes: `5kB`, `2.5KiB`, `1,024`. Rounded down. */
export function parseByteSize(text: string): Parsed<number> {
  const digits = /^[\p{Nd}.,]*/u.exec(text)![0]
  const parsed = parseFloat64(digits.replaceAll(',', ''))
  if ('error' in parsed) return parsed
  const unit = text.slice(digits.length).trim().toLowerCase()
  const factor = UNITS.get(unit)
  if (factor === undefined) return { error: `unhandled size name: ${unit}` }
  const value = parsed.value * factor
  if (value >= 2 ** 64) return { error: `too large: ${text}` }
  return { value: Math.floor(value) }
}

/** go-humanize's Bytes, in powers of 1000, without the blank: `2.6kB`. */
export function formatByteSize(bytes: number): string {
  if (bytes < 10) return `${bytes}B`
  const exponent = Math.min(6, Math.floor(Math.log(bytes) / Math.log(1000)))
  const value = Math.floor((bytes / 1000 ** exponent) * 10 + 0.5) / 10
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)}${['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'][exponent]}`
}
