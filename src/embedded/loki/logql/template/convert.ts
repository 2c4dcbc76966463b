import { parseFloat64 } from '../go/number.ts'
import type { Value } from './values.ts'

const INT64 = 64

/** As spf13/cast reads integers: text in Go's notations, `10.00` too; whatever is none is 0. */
export function toInt(value: Value): bigint {
  if (typeof value === 'bigint') return BigInt.asIntN(INT64, value)
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'number') return Number.isFinite(value) ? BigInt.asIntN(INT64, BigInt(Math.trunc(value))) : 0n
  if (typeof value !== 'string') return 0n
  const text = value.replace(/\.0+$/, '')
  const found = /^([-+]?)(0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9]\d*)$/.exec(text)
  if (found === null || text.length > 100) return 0n
  const digits = found[2]!.replace(/^0(?=[0-7])/, '0o')
  const size = BigInt(digits)
  const read = found[1] === '-' ? -size : size
  return BigInt.asIntN(INT64, read) === read ? read : 0n
}

export function toFloat(value: Value): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string') return 0
  const parsed = parseFloat64(value)
  return 'value' in parsed ? parsed.value : 0
}
