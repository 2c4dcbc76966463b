import { type AnyValue, KeyValueList } from '../../../../otlp/types.ts'
import { type FunctionTable, of } from '../function.ts'
import { OttlDuration, OttlTime, type OttlValue, textOf } from '../values.ts'

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
  IsString: of(['target'], ([value]) => typeof value === 'string'),
  IsBool: of(['target'], ([value]) => typeof value === 'boolean'),
  IsInt: of(['target'], ([value]) => typeof value === 'bigint'),
  IsDouble: of(['target'], ([value]) => typeof value === 'number'),
  IsMap: of(['target'], ([value]) => value instanceof KeyValueList),
  IsList: of(['target'], ([value]) => Array.isArray(value)),
  Int: of(['target'], ([value]) => toInt(value!)),
  Double: of(['target'], ([value]) => toDouble(value!)),
  String: of(['target'], ([value]) => (value === null ? null : textOf(value!))),
  Bool: of(['target'], ([value]) => {
    if (typeof value === 'boolean' || value === null) return value
    if (typeof value === 'string') return /^(1|t|true)$/i.test(value)
    return Number(value) !== 0
  }),
  ParseInt: of(['target', 'base'], ([value, base]) => {
    const number = Number.parseInt(textOf(value!), Number(base) || 10)
    if (Number.isNaN(number)) throw new Error(`could not parse ${JSON.stringify(textOf(value!))} as an int`)
    return BigInt(number)
  }),
  ParseJSON: of(['target'], ([value]) => fromJson(JSON.parse(textOf(value!)))),
  Hex: of(['target'], ([value]) => Buffer.from(value instanceof Uint8Array ? value : textOf(value!)).toString('hex')),
  Decode: of(['target', 'encoding'], ([value, encoding]) =>
    Buffer.from(textOf(value!), textOf(encoding!).startsWith('base64') ? 'base64' : 'utf8').toString('utf8'),
  ),
  Log: of(['target'], ([value]) => Math.log(Number(toDouble(value!)))),
  TraceID: of(['bytes'], idOf(16)),
  SpanID: of(['bytes'], idOf(8)),
  IsTime: of(['target'], ([value]) => value instanceof OttlTime),
  IsDuration: of(['target'], ([value]) => value instanceof OttlDuration),
}
