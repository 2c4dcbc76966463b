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
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      throw new OtlpJsonError(path, `expected an object, got ${kindOf(value)}`)
    }
    this.#object = value as Record<string, unknown>
    this.path = path
  }

  get(name: string): unknown {
    const value = this.#object[name] ?? this.#object[name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)]
    return value ?? undefined
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
    return typeof value === 'string' ? value : this.fail(name, `expected a string, got ${kindOf(value)}`)
  }

  /** int64 and fixed64 come as strings, and from many senders as numbers. */
  big(name: string): bigint {
    const value = this.get(name)
    if (value === undefined || value === '') return 0n
    if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value)
    if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value)
    if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return BigInt(value)
    return this.fail(name, `expected an integer, got ${JSON.stringify(value)}`)
  }

  int(name: string, names: Record<string, number> = {}): number {
    const value = this.get(name)
    if (typeof value === 'string' && names[value] !== undefined) return names[value]
    const big = this.big(name)
    if (big < -(2n ** 31n) || big >= 2n ** 32n) return this.fail(name, `${big} does not fit 32 bits`)
    return Number(big)
  }

  double(name: string): number | undefined {
    const value = this.get(name)
    if (value === undefined) return undefined
    if (typeof value === 'number') return value
    if (value === 'Infinity') return Number.POSITIVE_INFINITY
    if (value === '-Infinity') return Number.NEGATIVE_INFINITY
    if (value === 'NaN') return Number.NaN
    if (typeof value === 'string' && value !== '' && Number.isFinite(Number(value))) return Number(value)
    return this.fail(name, `expected a number, got ${JSON.stringify(value)}`)
  }

  flag(name: string): boolean {
    const value = this.get(name)
    if (value === undefined) return false
    return typeof value === 'boolean' ? value : this.fail(name, `expected a boolean, got ${kindOf(value)}`)
  }

  /** Ids are hex here, unlike in protobuf's own JSON; all zeros is no id. */
  id(name: string, length: 16 | 8): string {
    const text = this.text(name).toLowerCase()
    if (text === '') return ''
    if (!/^[0-9a-f]*$/.test(text) || text.length !== length * 2) {
      return this.fail(name, `expected ${length * 2} hex digits, got ${JSON.stringify(text.slice(0, 80))}`)
    }
    return /^0*$/.test(text) ? '' : text
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

  attributes(name = 'attributes'): KeyValue[] {
    return this.list(name, (item, path) => keyValueFromJson(item, path, 0))
  }

  value(name: string): AnyValue {
    const value = this.get(name)
    return value === undefined ? null : valueFromJson(value, this.#at(name), 0)
  }
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
  if (fields.get('stringValue') !== undefined) return fields.text('stringValue')
  if (fields.get('boolValue') !== undefined) return fields.flag('boolValue')
  if (fields.get('intValue') !== undefined) return fields.big('intValue')
  if (fields.get('doubleValue') !== undefined) return fields.double('doubleValue') ?? 0
  if (fields.get('bytesValue') !== undefined) return new Uint8Array(Buffer.from(fields.text('bytesValue'), 'base64'))
  const array = fields.fields('arrayValue')
  if (array) return array.list('values', (item, at) => valueFromJson(item, at, depth + 1))
  const map = fields.fields('kvlistValue')
  if (map) return new KeyValueList(map.list('values', (item, at) => keyValueFromJson(item, at, depth + 1)))
  return null
}
