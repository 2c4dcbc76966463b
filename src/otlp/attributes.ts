import { type AnyValue, type KeyValue, KeyValueList } from './types.ts'

/** The value of the first attribute of that key. */
export function attributeOf(list: readonly KeyValue[], key: string): AnyValue | undefined {
  return list.find((pair) => pair.key === key)?.value
}

/** A value as text, the way the collector's pdata does (`Value.AsString`): bytes as base64, arrays and maps as JSON. */
export function stringOf(value: AnyValue): string {
  if (value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'number') return floatText(value)
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  return jsonText(value)
}

/** Go's encoding/json writes floats so: exponents below 1e-6 and from 1e21, two digits in a negative one cut to one. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-6 || size >= 1e21)) return value.toExponential()
  return Object.is(value, -0) ? '-0' : String(value)
}

/** JSON with int64 exact and map keys sorted, as pdata's AsString writes it: without escaping for HTML. */
function jsonText(value: AnyValue): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return Number.isFinite(value) ? floatText(value) : quote(floatText(value))
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (value instanceof Uint8Array) return quote(Buffer.from(value).toString('base64'))
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`
  if (value instanceof KeyValueList) {
    const last = new Map(value.values.map((pair) => [pair.key, pair.value]))
    const keys = [...last.keys()].sort()
    return `{${keys.map((key) => `${quote(key)}:${jsonText(last.get(key)!)}`).join(',')}}`
  }
  throw new Error('not an AnyValue')
}

function quote(text: string): string {
  return JSON.stringify(text).replace(/[\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
