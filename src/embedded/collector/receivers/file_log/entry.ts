import { type AnyValue, type KeyValue, KeyValueList, type LogRecord, type LogsData } from '../../../../otlp/types.ts'
import type { LogField } from '../../../../util/log-field.ts'

/** A value of a line that is being taken apart: an int is a bigint, a double a number. */
export type Value = null | string | boolean | bigint | number | Value[] | Fields
export type Fields = Map<string, Value>

/** A line on its way through the operators. */
export interface Entry {
  body: Value
  attributes: Fields
  resource: Fields
  timeUnixNano: bigint
  severityNumber: number
  severityText: string
}

export function getField({ root, keys }: LogField, entry: Entry): Value | undefined {
  let value: Value | undefined = entry[root]
  for (const key of keys) value = value instanceof Map ? value.get(key) : undefined
  return value
}

/** A map is merged into what is there; anything else takes its place. */
export function setField({ root, keys }: LogField, entry: Entry, value: Value): void {
  if (value instanceof Map) {
    let at: Fields = rootOf(root, entry)
    for (const key of keys) at = within(at, key)
    for (const [key, one] of value) at.set(key, one)
  } else if (keys.length > 0) {
    let at: Fields = rootOf(root, entry)
    for (const key of keys.slice(0, -1)) at = within(at, key)
    at.set(keys.at(-1)!, value)
  } else if (root === 'body') entry.body = value
  else throw new Error(`cannot set ${root} root`)
}

/** Takes a value out; undefined when it is not there. */
export function deleteField({ root, keys }: LogField, entry: Entry): Value | undefined {
  if (keys.length === 0) {
    const old = entry[root]
    if (root === 'body') entry.body = null
    else entry[root] = new Map()
    return old
  }
  const parent = getField({ root, keys: keys.slice(0, -1) }, entry)
  if (!(parent instanceof Map)) return undefined
  const old = parent.get(keys.at(-1)!)
  parent.delete(keys.at(-1)!)
  return old
}

function rootOf(root: LogField['root'], entry: Entry): Fields {
  if (root !== 'body') return entry[root]
  if (!(entry.body instanceof Map)) entry.body = new Map()
  return entry.body
}

function within(map: Fields, key: string): Fields {
  const known = map.get(key)
  if (known instanceof Map) return known
  const made: Fields = new Map()
  map.set(key, made)
  return made
}

/** What JSON or YAML gave. `ints`: whole numbers are ints; in JSON they are doubles unless asked for. */
export function toValue(plain: unknown, ints: boolean): Value {
  if (Array.isArray(plain)) return plain.map((one) => toValue(one, ints))
  if (typeof plain === 'object' && plain !== null) {
    return new Map(Object.entries(plain).map(([key, one]) => [key, toValue(one, ints)]))
  }
  if (typeof plain === 'number') return ints && Number.isSafeInteger(plain) ? BigInt(plain) : plain
  return typeof plain === 'string' || typeof plain === 'boolean' || typeof plain === 'bigint' ? plain : null
}

function anyValueOf(value: Value): AnyValue {
  if (value instanceof Map) return new KeyValueList(keyValues(value))
  return Array.isArray(value) ? value.map(anyValueOf) : value
}

const keyValues = (map: Fields): KeyValue[] => [...map].map(([key, value]) => ({ key, value: anyValueOf(value) }))

/** The records of lines, by their resource. */
export function logsOf(entries: readonly Entry[], nowMs: number): LogsData {
  const groups = new Map<string, LogsData[number]>()
  for (const entry of entries) {
    const attributes = keyValues(entry.resource)
    const id = JSON.stringify(attributes, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))
    let group = groups.get(id)
    if (group === undefined) {
      const scope = { name: '', version: '', attributes: [], droppedAttributesCount: 0 }
      group = {
        resource: { attributes, droppedAttributesCount: 0 },
        schemaUrl: '',
        scopes: [{ scope, schemaUrl: '', items: [] }],
      }
      groups.set(id, group)
    }
    group.scopes[0]!.items.push(recordOf(entry, nowMs))
  }
  return [...groups.values()]
}

const recordOf = (entry: Entry, nowMs: number): LogRecord => ({
  timeUnixNano: entry.timeUnixNano,
  observedTimeUnixNano: BigInt(nowMs) * 1_000_000n,
  severityNumber: entry.severityNumber,
  severityText: entry.severityText,
  body: anyValueOf(entry.body),
  attributes: keyValues(entry.attributes),
  droppedAttributesCount: 0,
  flags: 0,
  traceId: '',
  spanId: '',
  eventName: '',
})
