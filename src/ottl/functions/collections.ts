import { stringOf } from '../../otlp/attributes.ts'
import { cloneValue } from '../../otlp/clone.ts'
import { type AnyValue, KeyValueList } from '../../otlp/types.ts'
import { arg, define, list, type OttlFunction, opt, optList } from '../function.ts'
import { compare, goTypeOf, OttlId, OttlStructure, type OttlValue, valueTypeOf } from '../values.ts'

const KINDS =
  'target arg must be of type string, []any, map[string]any, pcommon.Map, pcommon.Slice, pcommon.Value (of type String, Map, Slice) or a supported slice type from the plog, pmetric or ptrace packages'

function lengthOf(value: OttlValue): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value))
  if (Array.isArray(value) || value instanceof Uint8Array) return BigInt(value.length)
  if (value instanceof KeyValueList) return BigInt(value.values.length)
  if (value instanceof OttlStructure && Array.isArray(value.value)) return BigInt(value.value.length)
  throw new Error(`Len: unsupported target type ${value === null ? '<nil>' : goTypeOf(value)}. ${KINDS}`)
}

function isEmpty(value: OttlValue): boolean {
  if (value === null || value === '' || value === 0n || value === 0 || value === false) return true
  if (value instanceof KeyValueList) return value.values.length === 0
  if (value instanceof OttlId) return /^0*$/.test(value.hex)
  return (Array.isArray(value) || value instanceof Uint8Array) && value.length === 0
}

function indexOf(source: OttlValue, value: OttlValue): bigint {
  if (typeof source === 'string') {
    if (typeof value !== 'string') throw new Error('invalid value type for Index function, value must be a string')
    const at = source.indexOf(value)
    return at < 0 ? -1n : BigInt(Buffer.byteLength(source.slice(0, at)))
  }
  if (!Array.isArray(source)) throw new Error(`expected pcommon.Slice but got ${goTypeOf(source)}`)
  return BigInt(source.findIndex((one) => compare(one, value, '==')))
}

const isPrimitive = (value: AnyValue) =>
  value === null || ['string', 'boolean', 'bigint', 'number'].includes(typeof value)

/** Whole numbers and floats by size; with anything else among them by their texts. */
function sorted(value: OttlValue, order: string): AnyValue[] {
  if (!Array.isArray(value)) {
    throw new Error(`sort with unsupported type: '${value === null ? '<nil>' : goTypeOf(value)}'. Target is not a list`)
  }
  if (!value.every(isPrimitive)) return value
  const numeric = value.every((one) => typeof one === 'bigint' || typeof one === 'number')
  const key = (one: AnyValue) => (numeric ? (one as number) : stringOf(one))
  const sign = order === 'desc' ? -1 : 1
  return [...value].sort((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0))
}

function extract(map: KeyValueList, path: readonly string[]): AnyValue {
  if (path.length === 0) throw new Error('must provide at least one path item')
  let found: AnyValue = map
  for (const key of path) {
    const pair: KeyValueList['values'][number] | undefined =
      found instanceof KeyValueList ? found.values.find((one) => one.key === key) : undefined
    if (pair === undefined) throw new Error(`provided object does not contain the path [${path.join(' ')}]`)
    found = pair.value
  }
  return found
}

function sliceToMap(items: readonly AnyValue[], keyPath: string[] | undefined, valuePath: string[] | undefined) {
  const pairs = new Map<string, AnyValue>()
  for (const [i, item] of items.entries()) {
    if ((keyPath || valuePath) && !(item instanceof KeyValueList)) {
      const got = valueTypeOf(item)
      throw new Error(
        `slice elements must be maps when using \`key_path\` or \`value_path\`, but could not cast element of type \`${got}\` to a map`,
      )
    }
    const of = (what: string, path: string[]) => {
      try {
        return extract(item as KeyValueList, path)
      } catch (error) {
        throw new Error(`could not extract ${what} from element ${i}: ${(error as Error).message}`)
      }
    }
    const key = keyPath ? of('key', keyPath) : String(i)
    if (typeof key !== 'string') {
      throw new Error(`element ${i}: extracted key attribute is not of type string, got "${valueTypeOf(key)}"`)
    }
    pairs.set(key, cloneValue(valuePath ? of('value', valuePath) : item))
  }
  return new KeyValueList([...pairs].map(([key, value]) => ({ key, value })))
}

export const COLLECTIONS: readonly OttlFunction[] = [
  define('Len', [arg('Target', 'Getter')], ([value]) => lengthOf(value)),
  define('IsEmpty', [arg('Target', 'Getter')], ([value]) => isEmpty(value)),
  define('Keys', [arg('Target', 'PMapGetter')], ([map]) => map.values.map(({ key }) => key)),
  define('Values', [arg('Target', 'PMapGetter')], ([map]) => map.values.map(({ value }) => cloneValue(value))),
  define('ContainsValue', [arg('Target', 'PSliceGetter'), arg('Item', 'Getter')], ([items, item]) =>
    items.some((one) => compare(one, item, '==')),
  ),
  define('Index', [arg('Target', 'Getter'), arg('Value', 'Getter')], ([source, value]) => indexOf(source, value)),
  define(
    'Coalesce',
    [list('Values', 'Getter')],
    ([values]) => values.find((value) => value !== null) ?? null,
    ([values]) => {
      if (Array.isArray(values) && values.length === 0) throw new Error('Coalesce requires at least one argument')
    },
  ),
  define(
    'Sort',
    [arg('Target', 'Getter'), opt('Order', 'string')],
    ([value, order]) => sorted(value, order ?? 'asc'),
    ([, order]) => {
      if (order === undefined || order === 'asc' || order === 'desc') return
      throw new Error(`invalid arguments: ${String(order)}. Order should be either "asc" or "desc"`)
    },
  ),
  define(
    'SliceToMap',
    [arg('Target', 'PSliceGetter'), optList('KeyPath', 'string'), optList('ValuePath', 'string')],
    ([items, keyPath, valuePath]) => sliceToMap(items, keyPath, valuePath),
  ),
]
