import { table } from '../util/table.ts'
import type { ScalarType } from './node.ts'

interface Typed {
  type: ScalarType
  value: string | number | boolean | null
}

const NULLS = new Set(['', '~', 'null', 'Null', 'NULL'])
const BOOLS: Record<string, boolean> = table({
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
})
const INFINITY = /^[-+]?\.(inf|Inf|INF)$/
const NAN = /^\.(nan|NaN|NAN)$/
const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/
const TIME = /^\d{4}-\d{1,2}-\d{1,2}(([Tt]|\s+)\d{1,2}:\d{2}:\d{2}(\.\d+)?\s*([Zz]|[-+]\d{1,2}(:?\d{2})?)?)?$/

/**
 * Types a plain scalar as go-yaml v3 does (its resolve.go), which is neither YAML 1.1 nor 1.2: `yes` is a string,
 * `0123` is octal, `1_000` is a number, a date is a time. The yaml package's schemas cannot be set so.
 */
export function typeOfPlain(text: string): Typed {
  if (NULLS.has(text)) return { type: 'nil', value: null }
  if (Object.hasOwn(BOOLS, text)) return { type: 'bool', value: BOOLS[text]! }
  if (NAN.test(text)) return { type: 'float64', value: Number.NaN }
  if (INFINITY.test(text)) return { type: 'float64', value: text.startsWith('-') ? -Infinity : Infinity }
  if (!/^[-+.\d]/.test(text)) return { type: 'string', value: text }
  if (TIME.test(text)) return { type: 'time.Time', value: text }
  const digits = text.replaceAll('_', '')
  const int = parseInteger(digits)
  if (int !== undefined) return { type: 'int', value: int }
  if (FLOAT.test(digits)) return { type: 'float64', value: Number(digits) }
  return { type: 'string', value: text }
}

/** Go's strconv.ParseInt with base 0: `0x`, `0o`, `0b` and a leading 0 for octal; beyond 64 bits it is no integer. */
function parseInteger(text: string): number | undefined {
  const match = /^([-+]?)(0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]+|0|[1-9]\d*)$/.exec(text)
  if (match === null) return undefined
  const digits = match[2]!
  const octal = /^0\d/.test(digits)
  const value = octal ? Number.parseInt(digits, 8) : Number(digits)
  if (value > 2 ** 64) return undefined
  return match[1] === '-' ? -value : value
}
