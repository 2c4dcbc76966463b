import { stringOf } from '../otlp/attributes.ts'
import { KeyValueList } from '../otlp/types.ts'
import type { GoType } from './function.ts'
import { goTypeOf, OttlDuration, OttlId, OttlStructure, OttlTime, type OttlValue } from './values.ts'

/** A value that a getter of one Go type cannot give (ottl.TypeError). */
export class OttlTypeError extends Error {}

function exactly(fits: (value: OttlValue) => boolean, name: string) {
  return (value: OttlValue): OttlValue => {
    if (fits(value)) return value
    throw new OttlTypeError(`expected ${name} but got ${goTypeOf(value)}`)
  }
}

/** Nil stays nil. */
const like = (turn: (value: Exclude<OttlValue, null>) => unknown) => (value: OttlValue) =>
  value === null ? null : turn(value)

function unsupported(value: OttlValue): never {
  throw new OttlTypeError(`unsupported type: ${goTypeOf(value)}`)
}

/** Of bools, ints and floats, big endian, as binary.Write has them. */
function bytesOf(value: Exclude<OttlValue, null>): Uint8Array {
  if (value instanceof Uint8Array) return value
  if (typeof value === 'string') return Buffer.from(value)
  if (typeof value === 'boolean') return Uint8Array.of(value ? 1 : 0)
  const view = new DataView(new ArrayBuffer(8))
  if (typeof value === 'bigint') view.setBigInt64(0, value)
  else if (typeof value === 'number') view.setFloat64(0, value)
  else unsupported(value)
  return new Uint8Array(view.buffer)
}

function floatOf(text: string): number {
  const number = parseFloatAsGo(text)
  if (number !== undefined) return number
  throw new Error(`strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax`)
}

/** strconv.ParseFloat: no spaces, no empty text; Inf and NaN by name. */
function parseFloatAsGo(text: string): number | undefined {
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return Number(text)
  const named = /^([-+]?)(inf|infinity|nan)$/i.exec(text)
  if (named === null) return undefined
  if (named[2]!.toLowerCase() === 'nan') return Number.NaN
  return named[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

const MAX_INT = 2n ** 63n

/** strconv.ParseInt(text, 10, 64); nil where it would fail. */
function intOf(text: string): bigint | null {
  if (!/^[-+]?\d+$/.test(text)) return null
  const number = BigInt(text)
  return number >= -MAX_INT && number < MAX_INT ? number : null
}

/** int64(float64): beyond its range the processor's answer is the smallest. */
function truncated(value: number): bigint {
  if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 63) return -MAX_INT
  return BigInt(Math.trunc(value))
}

const TRUE = new Set(['1', 't', 'T', 'true', 'TRUE', 'True'])
const FALSE = new Set(['0', 'f', 'F', 'false', 'FALSE', 'False'])

function textOfAny(value: Exclude<OttlValue, null>): string {
  if (typeof value === 'string') return value
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (value instanceof OttlId) return JSON.stringify([...Buffer.from(value.hex, 'hex')])
  if (value instanceof OttlTime) return JSON.stringify(rfc3339(value))
  if (value instanceof OttlDuration) return String(value.ns)
  return value instanceof OttlStructure ? '{}' : stringOf(value)
}

/** time.Time's MarshalJSON. */
function rfc3339({ ns }: OttlTime): string {
  const whole = new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 19)
  const fraction = String(ns % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '')
  return `${whole}${fraction && `.${fraction}`}Z`
}

const CONVERT: Partial<Record<GoType, (value: OttlValue) => unknown>> = {
  StringGetter: exactly((value) => typeof value === 'string', 'string'),
  IntGetter: exactly((value) => typeof value === 'bigint', 'int64'),
  FloatGetter: exactly((value) => typeof value === 'number', 'float64'),
  BoolGetter: exactly((value) => typeof value === 'boolean', 'bool'),
  PMapGetter: exactly((value) => value instanceof KeyValueList, 'pcommon.Map'),
  PSliceGetter: exactly(Array.isArray, 'pcommon.Slice'),
  TimeGetter: exactly((value) => value instanceof OttlTime, 'time'),
  DurationGetter: exactly((value) => value instanceof OttlDuration, 'duration'),
  StringLikeGetter: like(textOfAny),
  ByteSliceLikeGetter: like(bytesOf),
  FloatLikeGetter: like((value) => {
    if (typeof value === 'string') return floatOf(value)
    if (typeof value === 'boolean') return value ? 1 : 0
    return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : unsupported(value)
  }),
  IntLikeGetter: like((value) => {
    if (typeof value === 'bigint') return value
    if (typeof value === 'string') return intOf(value)
    if (typeof value === 'number') return truncated(value)
    return typeof value === 'boolean' ? BigInt(value) : unsupported(value)
  }),
  BoolLikeGetter: like((value) => {
    if (typeof value === 'boolean') return value
    if (typeof value === 'bigint' || typeof value === 'number') return Number(value) !== 0
    if (typeof value !== 'string') return unsupported(value)
    if (TRUE.has(value)) return true
    if (FALSE.has(value)) return false
    throw new Error(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`)
  }),
}

/** A value as a getter of the type gives it. Throws in its words. */
export function convert(type: GoType, value: OttlValue): unknown {
  const turn = CONVERT[type]
  return turn === undefined ? value : turn(value)
}
