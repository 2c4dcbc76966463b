import { stringOf } from '../../../otlp/attributes.ts'
import { cloneValue } from '../../../otlp/clone.ts'
import { type AnyValue, type KeyValue, KeyValueList } from '../../../otlp/types.ts'
import { arg, define, list, type OttlFunction, opt, optList, type Target } from '../../function.ts'
import { goTypeOf, OttlDuration, OttlId, OttlStructure, OttlTime, type OttlValue, WrittenList } from '../../values.ts'
import { patternOf } from '../regex.ts'
import { flattened } from './flatten.ts'
import { truncated } from './truncate.ts'

/** Reads the map, puts other pairs in the place of its own, and writes it. */
function replace(target: Target<KeyValueList>, change: (pairs: readonly KeyValue[]) => KeyValue[]): void {
  target.set(new KeyValueList(change(target.get().values)))
}

const keep = (target: Target<KeyValueList>, wanted: (key: string) => boolean) =>
  replace(target, (pairs) => pairs.filter(({ key }) => wanted(key)))

function limited(pairs: readonly KeyValue[], limit: number, priority: readonly string[]): KeyValue[] {
  const first = new Set(priority)
  let room = limit - pairs.filter(({ key }) => first.has(key)).length
  return pairs.filter(({ key }) => first.has(key) || room-- > 0)
}

function merge(pairs: readonly KeyValue[], source: readonly KeyValue[], strategy: string): KeyValue[] {
  const merged = new Map(pairs.map(({ key, value }) => [key, value]))
  for (const { key, value } of source) {
    const there = merged.has(key)
    if (strategy === 'insert' ? !there : strategy === 'upsert' || there) merged.set(key, cloneValue(value))
  }
  return [...merged].map(([key, value]) => ({ key, value }))
}

/** What pdata takes into a list. */
function element(value: OttlValue): AnyValue {
  if (
    value instanceof OttlTime ||
    value instanceof OttlDuration ||
    value instanceof OttlId ||
    value instanceof OttlStructure ||
    value instanceof KeyValueList ||
    (Array.isArray(value) && !(value instanceof WrittenList))
  ) {
    throw new Error(`<Invalid value type ${goTypeOf(value)}>`)
  }
  return cloneValue(value)
}

function append(target: Target, added: readonly OttlValue[]): void {
  const before = target.get()
  const held = before === null ? [] : Array.isArray(before) ? before : [element(before)]
  target.set([...held, ...added.map(element)])
}

function checkedRange(length: bigint, start: bigint, end: bigint): void {
  if (start < 0n || start >= length) throw new Error(`startIndex ${start} out of bounds for slice of length ${length}`)
  if (end < start) throw new Error(`endIndex ${end} cannot be less than startIndex ${start}`)
  if (end > length) throw new Error(`deletion range [${start}:${end}] out of bounds for slice of length ${length}`)
}

/** A literal number of what a function was given. */
const numberOf = (value: unknown) => (typeof value === 'bigint' ? value : undefined)

export const MAP_EDITORS: readonly OttlFunction[] = [
  define('set', [arg('Target', 'GetSetter'), arg('Value', 'Getter')], ([target, value]) => {
    // The gate that would let nil through is closed by default.
    if (value !== null) target.set(value)
  }),
  define('delete_key', [arg('Target', 'PMapGetSetter'), arg('Key', 'StringGetter')], ([target, name]) =>
    keep(target, (key) => key !== name),
  ),
  define('keep_keys', [arg('Target', 'PMapGetSetter'), list('Keys', 'StringGetter')], ([target, keys]) =>
    keep(target, (key) => keys.includes(key)),
  ),
  ...(['delete', 'keep'] as const).map((way) => {
    const name = `${way}_matching_keys`
    return define(
      name,
      [arg('Target', 'PMapGetSetter'), arg('Pattern', 'StringGetter')],
      () => {},
      (literals) => {
        const compiled = patternOf(name, literals, 1)
        return ([target, pattern]) => {
          const { test } = compiled(pattern)
          keep(target, (key) => test(key) === (way === 'keep'))
        }
      },
    )
  }),
  define(
    'limit',
    [arg('Target', 'PMapGetSetter'), arg('Limit', 'int64'), list('PriorityKeys', 'string')],
    ([target, limit, priority]) => replace(target, (pairs) => limited(pairs, Number(limit), priority)),
    ([, written, priority]) => {
      const [limit, keys] = [numberOf(written)!, Array.isArray(priority) ? priority.length : 0]
      if (limit < 0n) throw new Error(`invalid limit for limit function, ${limit} cannot be negative`)
      if (limit < BigInt(keys)) {
        throw new Error(
          `invalid limit for limit function, ${limit} cannot be less than number of priority attributes ${keys}`,
        )
      }
    },
  ),
  define(
    'truncate_all',
    [arg('Target', 'PMapGetSetter'), arg('Limit', 'int64'), opt('Utf8Safe', 'bool'), opt('TruncationMarker', 'string')],
    ([target, limit, safe = true, marker = '']) =>
      replace(target, (pairs) =>
        pairs.map(({ key, value }) => ({
          key,
          value: typeof value === 'string' ? truncated(value, Number(limit), safe, marker) : value,
        })),
      ),
    ([, written, , marker]) => {
      const [limit, length] = [numberOf(written)!, Buffer.byteLength(typeof marker === 'string' ? marker : '')]
      if (limit < 0n) throw new Error(`invalid limit for truncate_all function, ${limit} cannot be negative`)
      if (BigInt(length) > limit) {
        throw new Error(
          `invalid truncation marker for truncate_all function, length of marker ${length} cannot be greater than limit ${limit}`,
        )
      }
    },
  ),
  define('stringify_all', [arg('Target', 'PMapGetSetter')], ([target]) =>
    replace(target, (pairs) => pairs.map(({ key, value }) => ({ key, value: stringOf(value) }))),
  ),
  define(
    'merge_maps',
    [arg('Target', 'PMapGetSetter'), arg('Source', 'PMapGetter'), arg('Strategy', 'string')],
    ([target, source, strategy]) => replace(target, (pairs) => merge(pairs, source.values, strategy)),
    ([, , strategy]) => {
      if (['insert', 'update', 'upsert'].includes(strategy as string)) return
      throw new Error(`invalid value for strategy, ${String(strategy)}, must be 'insert', 'update' or 'upsert'`)
    },
  ),
  define(
    'flatten',
    [arg('Target', 'PMapGetSetter'), opt('Prefix', 'string'), opt('Depth', 'int64'), opt('ResolveConflicts', 'bool')],
    ([target, prefix = '', depth, resolve = false]) =>
      target.set(
        flattened(target.get(), prefix, depth === undefined ? Number.POSITIVE_INFINITY : Number(depth), resolve),
      ),
    ([, , depth]) => {
      if (typeof depth !== 'bigint' || depth >= 1n) return
      throw new Error(`invalid depth '${depth}' for flatten function, must be greater than 0`)
    },
  ),
  define(
    'append',
    [arg('Target', 'GetSetter'), opt('Value', 'Getter'), optList('Values', 'Getter')],
    ([target, value, values]) => append(target, [...(value === undefined ? [] : [value]), ...(values ?? [])]),
  ),
  define(
    'delete_index',
    [arg('Target', 'PSliceGetSetter'), arg('StartIndex', 'IntGetter'), opt('EndIndex', 'IntGetter')],
    ([target, start, written]) => {
      const [items, end] = [target.get(), written ?? start + 1n]
      const length = BigInt(items.length)
      if (!(start === 0n && end === length)) checkedRange(length, start, end)
      target.set([...items.slice(0, Number(start)), ...items.slice(Number(end))])
    },
  ),
]
