import { type AnyValue, KeyValueList } from '../../otlp/types.ts'
import { arg, define, type Literals, type OttlFunction, opt, type Run, tried } from '../function.ts'
import { OttlId, OttlStructure, type OttlValue } from '../values.ts'
import { decoderOf } from './decoding.ts'

const is = (
  name: string,
  type: 'StringGetter' | 'BoolGetter' | 'IntGetter' | 'FloatGetter' | 'PMapGetter',
  fits: (value: OttlValue) => boolean,
) => define(name, [tried('Target', type)], ([value]) => fits(value))

/** encoding/json's numbers are floats. */
export function fromJson(value: unknown): AnyValue {
  if (Array.isArray(value)) return value.map(fromJson)
  if (value === null || typeof value !== 'object') return value as AnyValue
  return new KeyValueList(Object.entries(value).map(([key, inner]) => ({ key, value: fromJson(inner) })))
}

function parseJson(text: string): AnyValue {
  const value: unknown = JSON.parse(text)
  if (typeof value === 'object' && value !== null) return fromJson(value)
  const type =
    value === null ? '<nil>' : typeof value === 'number' ? 'float64' : typeof value === 'boolean' ? 'bool' : 'string'
  throw new Error(`could not convert parsed value of type ${type} to JSON object`)
}

const DIGITS: Record<string, number> = { b: 2, o: 8, x: 16 }

/** strconv.ParseInt. */
function parseInt64(text: string, base: bigint): bigint {
  if (text === '') throw new Error('invalid target value for ParseInt function, target cannot be empty')
  if (base < 0n) throw new Error(`invalid base value: ${base} for ParseInt function, base cannot be negative`)
  const wrong = (why: string) => new Error(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${why}`)
  if (base === 1n || base > 36n) throw wrong(`invalid base ${base}`)
  const [, sign, rest] = /^([-+]?)(.*)$/s.exec(text)!
  let [digits, radix] = [rest!.toLowerCase(), Number(base)]
  if (radix === 0) {
    const prefixed = /^0([box])_?(.+)$/.exec(digits)
    radix = prefixed ? DIGITS[prefixed[1]!]! : /^0[0-7_]+$/.test(digits) ? 8 : 10
    digits = (prefixed ? prefixed[2]! : digits).replace(/(?<=[0-9a-f])_(?=[0-9a-f])/g, '')
  }
  let value = 0n
  for (const digit of digits) {
    const one = Number.parseInt(digit, 36)
    if (!/[0-9a-z]/.test(digit) || one >= radix) throw wrong('invalid syntax')
    value = value * BigInt(radix) + BigInt(one)
  }
  if (digits === '') throw wrong('invalid syntax')
  const signed = sign === '-' ? -value : value
  if (signed !== BigInt.asIntN(64, signed)) throw wrong('value out of range')
  return signed
}

function idOf(name: string, go: OttlId['go'], length: number): OttlFunction {
  const make = (bytes: Uint8Array | null): OttlId => {
    const size = bytes?.length ?? 0
    if (size === length) return new OttlId(go, Buffer.from(bytes!).toString('hex'))
    if (size !== length * 2) {
      throw new Error(
        `${name}: could not decode ID: invalid length: expected ${length} or ${length * 2} bytes, got ${size}`,
      )
    }
    const text = Buffer.from(bytes!).toString()
    if (!/^[0-9a-fA-F]*$/.test(text)) throw new Error(`${name}: could not decode ID: invalid hex`)
    return new OttlId(go, text.toLowerCase())
  }
  const prepare = ([literal]: Literals): Run<readonly [Uint8Array | null]> | undefined => {
    if (!(typeof literal === 'string' || literal instanceof Uint8Array)) return undefined
    const id = make(typeof literal === 'string' ? Buffer.from(literal) : literal)
    return () => id
  }
  return define(name, [arg('Target', 'ByteSliceLikeGetter')], ([bytes]) => make(bytes), prepare)
}

export const CONVERSIONS: readonly OttlFunction[] = [
  is('IsString', 'StringGetter', (value) => typeof value === 'string'),
  is('IsBool', 'BoolGetter', (value) => typeof value === 'boolean'),
  is('IsInt', 'IntGetter', (value) => typeof value === 'bigint'),
  is('IsDouble', 'FloatGetter', (value) => typeof value === 'number'),
  is('IsMap', 'PMapGetter', (value) => value instanceof KeyValueList),
  define('IsList', [arg('Target', 'Getter')], ([value]) => {
    return Array.isArray(value) || (value instanceof OttlStructure && value.go.endsWith('Slice'))
  }),
  define('Int', [arg('Target', 'IntLikeGetter')], ([value]) => value),
  define('Double', [arg('Target', 'FloatLikeGetter')], ([value]) => value),
  define('String', [arg('Target', 'StringLikeGetter')], ([value]) => value),
  define('Bool', [arg('Target', 'BoolLikeGetter')], ([value]) => value),
  define('ParseInt', [arg('Target', 'StringGetter'), arg('Base', 'IntGetter')], ([text, base]) =>
    parseInt64(text, base),
  ),
  define('ParseJSON', [arg('Target', 'StringGetter')], ([text]) => parseJson(text)),
  define('Hex', [arg('Target', 'ByteSliceLikeGetter')], ([bytes]) => Buffer.from(bytes ?? []).toString('hex')),
  define(
    'Decode',
    [arg('Target', 'Getter'), arg('Encoding', 'StringGetter')],
    ([value, encoding]) => decoderOf(encoding)(value),
    ([, encoding]) => {
      if (typeof encoding === 'string') decoderOf(encoding)
    },
  ),
  define('Base64Decode', [arg('Target', 'StringGetter')], ([text]) => decoderOf('base64')(text)),
  define(
    'Base64Encode',
    [arg('Target', 'StringGetter'), opt('Variant', 'StringGetter')],
    ([text, variant = 'base64']) => {
      if (!/^base64(-raw)?(-url)?$/.test(variant)) throw new Error(`unsupported base64 variant: ${variant}`)
      const bare = Buffer.from(text)
        .toString(variant.includes('url') ? 'base64url' : 'base64')
        .replace(/=+$/, '')
      return variant.includes('raw') ? bare : bare.padEnd(Math.ceil(bare.length / 4) * 4, '=')
    },
  ),
  define('Log', [arg('Target', 'FloatLikeGetter')], ([value]) => {
    if (value === null) throw new Error('invalid input: <nil>')
    if (value <= 0) throw new Error(`invalid input: expected number greater than zero but got ${value}`)
    return Math.log(value)
  }),
  idOf('TraceID', 'pcommon.TraceID', 16),
  idOf('SpanID', 'pcommon.SpanID', 8),
  idOf('ProfileID', 'pprofile.ProfileID', 16),
]
