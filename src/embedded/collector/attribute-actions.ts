import { createHash } from 'node:crypto'
import { stringOf } from '../../otlp/attributes.ts'
import { type AnyValue, type KeyValue, KeyValueList } from '../../otlp/types.ts'
import { goGroups, goMatcher } from '../../util/go-regexp.ts'

/** One action of the `resource` and `attributes` processors; the schema has checked the combination of fields. */
export interface Action {
  key: string
  action: string
  value?: unknown
  default_value?: unknown
  pattern: string
  from_attribute: string
  converted_type: string
}

/** Runs the actions in order over a copy (internal/coreinternal/attraction). */
export function compileActions(actions: readonly Action[]): (attributes: readonly KeyValue[]) => KeyValue[] {
  const steps = actions.map(compileAction)
  return (attributes) => {
    const map = new Map(attributes.map(({ key, value }) => [key, value]))
    for (const step of steps) step(map)
    return [...map].map(([key, value]) => ({ key, value }))
  }
}

type Step = (map: Map<string, AnyValue>) => void

function compileAction(a: Action): Step {
  const { key } = a
  const named = a.pattern === '' ? () => false : goMatcher(a.pattern)
  const source = sourceOf(a)
  switch (a.action.toLowerCase()) {
    case 'insert':
      return (map) => put(map, key, map.has(key) ? undefined : source(map))
    case 'update':
      return (map) => put(map, key, map.has(key) ? source(map) : undefined)
    case 'upsert':
      return (map) => put(map, key, source(map))
    case 'delete':
      return (map) => {
        for (const name of [...map.keys()]) if (name === key || named(name)) map.delete(name)
      }
    case 'hash':
      return (map) => {
        for (const [name, value] of map) if (name === key || named(name)) map.set(name, sha256(value))
      }
    case 'extract': {
      const groups = goGroups(a.pattern)
      return (map) => {
        const value = map.get(key)
        const found = typeof value === 'string' ? groups(value) : undefined
        for (const [name, text] of Object.entries(found ?? {})) map.set(name, text)
      }
    }
    default:
      return (map) => {
        const value = map.get(key)
        if (value !== undefined) put(map, key, convert(value, a.converted_type))
      }
  }
}

function sourceOf(a: Action): (map: Map<string, AnyValue>) => AnyValue | undefined {
  const fallback = a.default_value == null ? undefined : fromYaml(a.default_value)
  if (a.from_attribute !== '') return (map) => map.get(a.from_attribute) ?? fallback
  const value = a.value == null ? fallback : fromYaml(a.value)
  return () => value
}

function put(map: Map<string, AnyValue>, key: string, value: AnyValue | undefined): void {
  if (value !== undefined) map.set(key, value)
}

function fromYaml(value: unknown): AnyValue {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value
  if (Array.isArray(value)) return value.map(fromYaml)
  if (value !== null && typeof value === 'object') {
    return new KeyValueList(Object.entries(value).map(([key, inner]) => ({ key, value: fromYaml(inner) })))
  }
  return value as AnyValue
}

/** sha256 of a string's bytes, of an int's and a double's eight, of a bool's one. */
function sha256(value: AnyValue): string {
  const bytes = Buffer.alloc(8)
  let input: Uint8Array | string = ''
  if (typeof value === 'bigint') {
    bytes.writeBigInt64LE(value)
    input = bytes
  } else if (typeof value === 'number') {
    bytes.writeDoubleLE(value)
    input = bytes
  } else if (typeof value === 'boolean') input = new Uint8Array([value ? 1 : 0])
  else input = stringOf(value)
  return input.length === 0 ? '' : createHash('sha256').update(input).digest('hex')
}

/** Undefined, and so unchanged, when the value cannot become that type. */
function convert(value: AnyValue, type: string): AnyValue | undefined {
  if (type === 'string') return stringOf(value)
  if (type === 'int') {
    if (typeof value === 'string') return /^[+-]?\d+$/.test(value) ? BigInt(value) : undefined
    if (typeof value === 'number') return BigInt(Math.trunc(value))
    return typeof value === 'boolean' ? (value ? 1n : 0n) : undefined
  }
  if (typeof value === 'string')
    return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : undefined
  if (typeof value === 'bigint') return Number(value)
  return typeof value === 'boolean' ? (value ? 1 : 0) : undefined
}
