import type { NumberLiteral, Span } from '../ast.ts'
import { parseDuration } from '../durations.ts'
import type { Cursor } from './cursor.ts'

/** number_duration_literal : NUMBER | DURATION ; a duration counts seconds. */
export function numberLiteral(cursor: Cursor): NumberLiteral {
  if (!cursor.at('number', 'duration')) cursor.unexpected()
  const { type, text, start, end } = cursor.take()
  if (type === 'number')
    return { kind: 'number', value: parseNumber(cursor, text, { start, end }), duration: false, start, end }
  try {
    return { kind: 'number', value: parseDuration(text) / 1000, duration: true, start, end }
  } catch (error) {
    return cursor.fail((error as Error).message, { start, end })
  }
}

/** strconv.ParseInt with any base, else strconv.ParseFloat. */
function parseNumber(cursor: Cursor, text: string, span: Span): number {
  const lower = text.toLowerCase()
  if (lower === 'inf') return Number.POSITIVE_INFINITY
  if (lower === 'nan') return Number.NaN
  const separated = /(?<![0-9a-fx])_|_(?![0-9a-f])/.test(lower)
  const bare = separated ? lower : lower.replaceAll('_', '')
  const whole = /^0x[0-9a-f]+$/.test(bare) ? BigInt(bare) : /^0[0-7]+$/.test(bare) ? BigInt(`0o${bare}`) : undefined
  if (whole !== undefined && whole < 2n ** 63n) return Number(whole)
  const valid = /^(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/.test(bare)
  const value = valid ? Number(bare) : Number.NaN
  if (valid && Number.isFinite(value)) return value
  const why = valid ? 'value out of range' : 'invalid syntax'
  return cursor.fail(`error parsing number: strconv.ParseFloat: parsing ${JSON.stringify(text)}: ${why}`, span)
}
