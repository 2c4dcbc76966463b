import { table } from '../../util/table.ts'

/** From the biggest to the smallest, in which order they must stand; nanoseconds. */
const UNITS = table({
  y: { place: 1, nanos: 31_536_000_000_000_000n },
  w: { place: 2, nanos: 604_800_000_000_000n },
  d: { place: 3, nanos: 86_400_000_000_000n },
  h: { place: 4, nanos: 3_600_000_000_000n },
  m: { place: 5, nanos: 60_000_000_000n },
  s: { place: 6, nanos: 1_000_000_000n },
  ms: { place: 7, nanos: 1_000_000n },
}) as Record<string, { place: number; nanos: bigint } | undefined>
const LIMIT = 2n ** 63n

/** Prometheus's model.ParseDuration to nanoseconds, in its words: `1y2w3d`, `5m`, `0`; never negative, never a fraction. */
export function parseModelDuration(text: string): { value: bigint } | { error: string } {
  if (text === '0') return { value: 0n }
  if (text === '') return { error: 'empty duration string' }
  const invalid = { error: `not a valid duration string: ${JSON.stringify(text)}` }
  let total = 0n
  let last = 0
  let rest = text
  while (rest !== '') {
    const [all, digits, name] = /^(\d*)(\D*)/.exec(rest)! as unknown as [string, string, string]
    if (digits === '' || name === '' || BigInt(digits) >= 2n * LIMIT) return invalid
    const unit = UNITS[name]
    if (unit === undefined) return { error: `unknown unit ${JSON.stringify(name)} in duration ${JSON.stringify(text)}` }
    if (unit.place <= last) return invalid
    last = unit.place
    if (BigInt(digits) > LIMIT / unit.nanos) return { error: 'duration out of range' }
    total += BigInt(digits) * unit.nanos
    if (total >= LIMIT) return { error: 'duration out of range' }
    rest = rest.slice(all.length)
  }
  return { value: total }
}

/** The same in whole milliseconds; undefined of what is none. */
export function modelDurationMs(text: string): number | undefined {
  const parsed = parseModelDuration(text)
  return 'error' in parsed ? undefined : Number(parsed.value / 1_000_000n)
}

/** model.Duration's String, of milliseconds: `5m`, `1h30m`, `90d`; years and weeks only where they come out even. */
export function formatModelDuration(ms: number | bigint): string {
  let left = typeof ms === 'bigint' ? ms : BigInt(Math.trunc(ms))
  if (left === 0n) return '0s'
  let text = left < 0n ? '-' : ''
  if (left < 0n) left = -left
  for (const [name, unit] of Object.entries(UNITS)) {
    const size = unit!.nanos / 1_000_000n
    if (unit!.place < 3 && left % size !== 0n) continue
    if (left >= size) text += `${left / size}${name}`
    left %= size
  }
  return text
}
