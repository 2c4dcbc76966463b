import { table } from '../../../../util/table.ts'
import type { Parsed } from './number.ts'
import { quote } from './quote.ts'

const UNITS: Record<string, bigint> = table({
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
})
const LIMIT = 2n ** 63n

/** Go's time.ParseDuration to nanoseconds, exactly: `1h30m`, `-1.5s`, `0`. */
export function parseGoDuration(text: string): Parsed<bigint> {
  const invalid = { error: `time: invalid duration ${quote(text)}` }
  const negative = text[0] === '-'
  let rest = negative || text[0] === '+' ? text.slice(1) : text
  if (rest === '0') return { value: 0n }
  if (rest === '') return invalid
  let total = 0n
  while (rest !== '') {
    const found = /^(\d*)(?:\.(\d*))?([^\d.]*)/.exec(rest)!
    const [all, whole = '', fraction = '', unit = ''] = found
    if (whole === '' && fraction === '') return invalid
    if (unit === '') return { error: `time: missing unit in duration ${quote(text)}` }
    const scale = UNITS[unit]
    if (scale === undefined) return { error: `time: unknown unit ${quote(unit)} in duration ${quote(text)}` }
    if (whole.length > 30) return invalid
    total += BigInt(whole || '0') * scale
    if (fraction !== '') total += BigInt(Math.trunc(Number(`0.${fraction}`) * Number(scale)))
    if (total > LIMIT) return invalid
    rest = rest.slice(all.length)
  }
  if (negative) return { value: -total }
  return total === LIMIT ? invalid : { value: total }
}

/** Go's time.Duration in text: `1h30m0s`, `1.5s`, `250ms`, `0s`. */
export function formatGoDuration(nanos: bigint): string {
  if (nanos < 0n) return `-${formatGoDuration(-nanos)}`
  if (nanos === 0n) return '0s'
  if (nanos < 1000n) return `${nanos}ns`
  if (nanos < 1_000_000n) return `${fraction(nanos, 1000n)}µs`
  if (nanos < 1_000_000_000n) return `${fraction(nanos, 1_000_000n)}ms`
  const minutes = nanos / UNITS.m!
  const tail = `${fraction(nanos % UNITS.m!, UNITS.s!)}s`
  if (minutes === 0n) return tail
  return minutes < 60n ? `${minutes}m${tail}` : `${minutes / 60n}h${minutes % 60n}m${tail}`
}

function fraction(value: bigint, unit: bigint): string {
  const rest = value % unit
  if (rest === 0n) return `${value / unit}`
  const digits = String(unit).length - 1
  return `${value / unit}.${String(rest).padStart(digits, '0').replace(/0+$/, '')}`
}
