import { type AnyValue, KeyValueList } from '../../otlp/types.ts'
import { type FunctionTable, of } from '../function.ts'
import { type OttlValue, textOf } from '../values.ts'

function toInt(value: OttlValue): OttlValue {
  if (typeof value === 'bigint' || value === null) return value
  if (typeof value === 'number') return BigInt(Math.trunc(value))
  if (typeof value === 'boolean') return value ? 1n : 0n
  return typeof value === 'string' && /^[+-]?\d+$/.test(value) ? BigInt(value) : null
}

function toDouble(value: OttlValue): OttlValue {
  if (typeof value === 'number' || value === null) return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  return typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value)) ? Number(value) : null
}

/** encoding/json's numbers are floats. */
function fromJson(value: unknown): AnyValue {
  if (Array.isArray(value)) return value.map(fromJson)
  if (value === null || typeof value !== 'object') return value as AnyValue
  return new KeyValueList(Object.entries(value).map(([key, inner]) => ({ key, value: fromJson(inner) })))
}

const idOf = (length: number) => (args: OttlValue[]) => {
  const [value] = args
  const hex = value instanceof Uint8Array ? Buffer.from(value).toString('hex') : textOf(value!).toLowerCase()
  if (hex.length !== length * 2) throw new Error(`the id must be ${length} bytes`)
  return Buffer.from(hex, 'hex')
}

export const CONVERSIONS: FunctionTable = {
  IsString: of(([value]) => typeof value === 'string'),
  IsBool: of(([value]) => typeof value === 'boolean'),
  IsInt: of(([value]) => typeof value === 'bigint'),
  IsDouble: of(([value]) => typeof value === 'number'),
  IsMap: of(([value]) => value instanceof KeyValueList),
  IsList: of(([value]) => Array.isArray(value)),
  Int: of(([value]) => toInt(value!)),
  Double: of(([value]) => toDouble(value!)),
  String: of(([value]) => (value === null ? null : textOf(value!))),
  Bool: of(([value]) => {
    if (typeof value === 'boolean' || value === null) return value
    if (typeof value === 'string') return /^(1|t|true)$/i.test(value)
    return Number(value) !== 0
  }),
  ParseInt: of(([value, base]) => {
    const number = Number.parseInt(textOf(value!), Number(base) || 10)
    if (Number.isNaN(number)) throw new Error(`could not parse ${JSON.stringify(textOf(value!))} as an int`)
    return BigInt(number)
  }),
  ParseJSON: of(([value]) => fromJson(JSON.parse(textOf(value!)))),
  Hex: of(([value]) => Buffer.from(value instanceof Uint8Array ? value : textOf(value!)).toString('hex')),
  Decode: of(([value, encoding]) =>
    Buffer.from(textOf(value!), textOf(encoding!).startsWith('base64') ? 'base64' : 'utf8').toString('utf8'),
  ),
  Log: of(([value]) => Math.log(Number(toDouble(value!)))),
  TraceID: of(idOf(16)),
  SpanID: of(idOf(8)),
}
