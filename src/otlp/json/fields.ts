import { type AnyValue, type KeyValue, KeyValueList } from '../types.ts'

/** What came is JSON, but not OTLP. */
export class OtlpJsonError extends Error {
  constructor(path: string, message: string) {
    super(`${path || 'the request'}: ${message}`)
    this.name = 'OtlpJsonError'
  }
}

const MAX_DEPTH = 64

/** One JSON object and where it stands. Unknown keys are passed over, as OTLP/JSON demands; `a_b` counts as `aB`. */
export class Fields {
  readonly #object: Record<string, unknown>
  readonly path: string

  constructor(value: unknown, path: string) {
    if (value !== null && (typeof value !== 'object' || Array.isArray(value))) {
      throw new OtlpJsonError(path, `expected an object, got ${kindOf(value)}`)
    }
    // null is an empty one, as for the collector.
    this.#object = (value ?? {}) as Record<string, unknown>
    this.path = path
  }

  get(name: string): unknown {
    const value = this.#own(name)
    return value ?? undefined
  }

  #own(name: string): unknown {
    if (Object.hasOwn(this.#object, name)) return this.#object[name]
    const snake = name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)
    return Object.hasOwn(this.#object, snake) ? this.#object[snake] : undefined
  }

  /** What may not be null: numbers, enums and bools. */
  #scalar(name: string): unknown {
    const value = this.#own(name)
    return value === null ? this.fail(name, 'unsupported value type') : value
  }

  #at(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`
  }

  fail(name: string, message: string): never {
    throw new OtlpJsonError(this.#at(name), message)
  }

  text(name: string): string {
    const value = this.get(name)
    if (value === undefined) return ''
    return typeof value === 'string' && !isExact(value)
      ? value
      : this.fail(name, `expected a string, got ${kindOf(value)}`)
  }

  /** int64. */
  big(name: string): bigint {
    return this.#integer(name, -(2n ** 63n), 2n ** 63n - 1n)
  }

  /** uint64 and fixed64: times and counts. */
  unsigned(name: string): bigint {
    return this.#integer(name, 0n, 2n ** 64n - 1n)
  }

  /** uint32 and fixed32. */
  int(name: string): number {
    return Number(this.#integer(name, 0n, 2n ** 32n - 1n))
  }

  /** int32 and sint32. */
  signed(name: string): number {
    return Number(this.#integer(name, -(2n ** 31n), 2n ** 31n - 1n))
  }

  /** 64 bits come as texts, and from many senders as numbers: both are taken for every integer. */
  #integer(name: string, least: bigint, most: bigint): bigint {
    const value = this.#scalar(name)
    if (value === undefined) return 0n
    const text = typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : digitsOf(value)
    // Go's ParseUint takes no sign.
    if (text === undefined || (least === 0n && text.startsWith('+'))) {
      return this.fail(name, `expected an integer, got ${shown(value)}`)
    }
    const number = BigInt(text.replace('+', ''))
    if (number < least || number > most) return this.fail(name, `${text} is out of range: ${least} to ${most}`)
    return number
  }

  /** A number, or one of the names that go with it. */
  enumeration(name: string, names: Record<string, number>): number {
    const value = this.#scalar(name)
    if (typeof value !== 'string' || isExact(value)) return this.signed(name)
    if (Object.hasOwn(names, value)) return names[value]!
    return this.fail(name, `unknown string value ${JSON.stringify(value)}`)
  }

  double(name: string): number | undefined {
    const value = this.#scalar(name)
    if (value === undefined || typeof value === 'number') return value
    const text = typeof value === 'string' ? value.replace(EXACT, '') : ''
    const special = SPECIAL[text.toLowerCase()]
    if (special !== undefined) return special
    const number = floatOf(text)
    if (number !== undefined) return number
    return this.fail(name, `expected a number, got ${shown(value)}`)
  }

  flag(name: string): boolean {
    const value = this.#scalar(name)
    if (value === undefined) return false
    return typeof value === 'boolean' ? value : this.fail(name, `expected a boolean, got ${kindOf(value)}`)
  }

  /** Ids are hex here, unlike in protobuf's own JSON; all zeros is no id. */
  id(name: string, length: 16 | 8): string {
    this.#scalar(name)
    const text = this.text(name).toLowerCase()
    if (text === '') return ''
    if (!/^[0-9a-f]*$/.test(text) || text.length !== length * 2) {
      return this.fail(name, `expected ${length * 2} hex digits, got ${JSON.stringify(text.slice(0, 80))}`)
    }
    return /^0*$/.test(text) ? '' : text
  }

  has(name: string): boolean {
    return this.#own(name) !== undefined
  }

  /** Base64 as Go's StdEncoding reads it: padded. */
  bytes(name: string): Uint8Array {
    this.#scalar(name)
    const text = this.text(name)
    if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
      return this.fail(name, 'illegal base64 data')
    }
    return new Uint8Array(Buffer.from(text, 'base64'))
  }

  list<T>(name: string, read: (value: unknown, path: string) => T): T[] {
    const value = this.get(name)
    if (value === undefined) return []
    if (!Array.isArray(value)) return this.fail(name, `expected an array, got ${kindOf(value)}`)
    return value.map((item, i) => read(item, `${this.#at(name)}[${i}]`))
  }

  fields(name: string): Fields | undefined {
    const value = this.get(name)
    return value === undefined ? undefined : new Fields(value, this.#at(name))
  }

  /** As `fields`; null is an empty one. */
  fieldsOrNull(name: string): Fields | undefined {
    const value = this.#own(name)
    return value === undefined ? undefined : new Fields(value, this.#at(name))
  }

  /** Which of a few was written last: of the alternatives of a oneof that one counts. */
  lastOf(names: readonly string[]): string | undefined {
    const camel = Object.keys(this.#object).map((key) => key.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase()))
    return camel.findLast((key) => names.includes(key))
  }

  attributes(name = 'attributes'): KeyValue[] {
    return this.list(name, (item, path) => keyValueFromJson(item, path, 0))
  }

  value(name: string): AnyValue {
    const value = this.get(name)
    return value === undefined ? null : valueFromJson(value, this.#at(name), 0)
  }
}

const SPECIAL: Record<string, number> = {
  infinity: Number.POSITIVE_INFINITY,
  '+infinity': Number.POSITIVE_INFINITY,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-infinity': Number.NEGATIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  nan: Number.NaN,
}

/** What `parseExact` puts before the digits of a number that JavaScript's own numbers cannot hold. */
const EXACT = '\u0000exact:'
const isExact = (value: string) => value.startsWith(EXACT)
const shown = (value: unknown) => JSON.stringify(value)?.replace('\\u0000exact:', '').slice(0, 80)

/** Go's ParseFloat: decimals, and hexadecimals with a power of two. */
function floatOf(text: string): number | undefined {
  const plain = text.replace(/(?<=\d)_(?=\d)/g, '')
  const hex = /^([+-]?)0x([0-9a-f]*)\.?([0-9a-f]*)p([+-]?\d+)$/i.exec(plain)
  if (hex !== null && hex[2]! + hex[3]! !== '') {
    const digits = Number.parseInt(hex[2]! + hex[3]!, 16)
    return (hex[1] === '-' ? -1 : 1) * digits * 2 ** (Number(hex[4]) - 4 * hex[3]!.length)
  }
  const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)
  return decimal && Number.isFinite(Number(plain)) ? Number(plain) : undefined
}

function digitsOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.replace(EXACT, '')
  return /^[+-]?\d{1,40}$/.test(text) ? text : undefined
}

/** Where JavaScript's numbers would not show what was written. */
const UNUSUAL = /\d{16}|\d[.eE]/
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g

/**
 * JSON.parse, with the numbers kept as they are written for `Fields` to read where JavaScript's own would lose digits,
 * or not tell 1.0 from 1.
 */
export function parseExact(text: string): unknown {
  if (!UNUSUAL.test(text)) return JSON.parse(text)
  return JSON.parse(
    text.replace(TOKENS, (token) => {
      if (token.startsWith('"')) return token
      const value = Number(token)
      const plain = /^-?\d+$/.test(token)
        ? Number.isSafeInteger(value)
        : Number.isFinite(value) && !Number.isInteger(value)
      return plain ? token : JSON.stringify(EXACT + token)
    }),
  )
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value
}

function keyValueFromJson(value: unknown, path: string, depth: number): KeyValue {
  const fields = new Fields(value, path)
  const inner = fields.get('value')
  return { key: fields.text('key'), value: inner === undefined ? null : valueFromJson(inner, `${path}.value`, depth) }
}

function valueFromJson(value: unknown, path: string, depth: number): AnyValue {
  if (depth > MAX_DEPTH) throw new OtlpJsonError(path, `a value nests deeper than ${MAX_DEPTH} levels`)
  const fields = new Fields(value, path)
  if (fields.has('stringValue')) return fields.text('stringValue')
  if (fields.has('boolValue')) return fields.flag('boolValue')
  if (fields.has('intValue')) return fields.big('intValue')
  if (fields.has('doubleValue')) return fields.double('doubleValue') ?? 0
  if (fields.has('bytesValue')) return fields.bytes('bytesValue')
  const array = fields.fieldsOrNull('arrayValue')
  if (array) return array.list('values', (item, at) => valueFromJson(item, at, depth + 1))
  const map = fields.fieldsOrNull('kvlistValue')
  if (map) return new KeyValueList(map.list('values', (item, at) => keyValueFromJson(item, at, depth + 1)))
  return null
}
