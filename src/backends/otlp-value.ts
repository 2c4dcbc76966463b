/**
 * OTLP/JSON as Tempo and Grafana Cloud answer it (opentelemetry-proto, JSON mapping): 64-bit numbers as text,
 * enums by name or number, ids as hex or, from Go's jsonpb, as base64.
 */

/** An integer past 2^53 is a bigint. */
export type AttributeValue =
  | null
  | string
  | number
  | bigint
  | boolean
  | AttributeValue[]
  | { [key: string]: AttributeValue }

export type Attributes = Record<string, AttributeValue>

export interface JsonValue {
  stringValue?: string
  intValue?: string | number
  doubleValue?: number | string
  boolValue?: boolean
  arrayValue?: { values?: JsonValue[] }
  kvlistValue?: { values?: JsonKeyValue[] }
  bytesValue?: string
}

export interface JsonKeyValue {
  key: string
  value?: JsonValue
}

const MAX_DEPTH = 64

export function readValue(value: JsonValue | undefined, depth = 0): AttributeValue {
  if (value === undefined || depth > MAX_DEPTH) return null
  if (value.stringValue !== undefined) return value.stringValue
  if (value.intValue !== undefined) return readInteger(value.intValue)
  if (value.doubleValue !== undefined) return Number(value.doubleValue)
  if (value.boolValue !== undefined) return value.boolValue
  if (value.bytesValue !== undefined) return value.bytesValue
  if (value.arrayValue) return (value.arrayValue.values ?? []).map((one) => readValue(one, depth + 1))
  if (value.kvlistValue) return readAttributes(value.kvlistValue.values, depth + 1)
  return null
}

export function readAttributes(list: JsonKeyValue[] | undefined, depth = 0): { [key: string]: AttributeValue } {
  return Object.fromEntries((list ?? []).map(({ key, value }) => [key, readValue(value, depth)]))
}

function readInteger(value: string | number): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : BigInt(value)
}

/**
 * Lower-case hex of `digits` digits; '' for none or all zeros. Leading zeros that were left out come back.
 * An id in base64 is never taken for hex: 8 and 16 bytes both end in padding.
 */
export function readId(text: string | undefined, digits: 16 | 32): string {
  if (!text) return ''
  const hex = /^[0-9a-f]+$/i.test(text) ? text.toLowerCase() : Buffer.from(text, 'base64').toString('hex')
  return /^0*$/.test(hex) ? '' : hex.padStart(digits, '0')
}

/** `SPAN_KIND_SERVER` or 2 -> 2, by the place in `names`; 0 when it is not known. */
export function readEnum(value: string | number | undefined, names: readonly string[]): number {
  if (typeof value === 'number') return value
  const index = names.findIndex((name) => value === name || value?.endsWith(`_${name}`))
  return Math.max(0, index)
}
