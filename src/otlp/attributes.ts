import { formatJsonFloat } from '../util/go-format.ts'
import { type AnyValue, type KeyValue, KeyValueList } from './types.ts'

/** The value of the first attribute of that key. */
export function attributeOf(list: readonly KeyValue[], key: string): AnyValue | undefined {
  for (const pair of list) if (pair.key === key) return pair.value
  return undefined
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

/** As Go's encoding/json. */
const floatText = (value: number): string => formatJsonFloat(value, 1)

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
