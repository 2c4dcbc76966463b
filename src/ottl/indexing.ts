import { attributeOf } from '../otlp/attributes.ts'
import { type AnyValue, type KeyValue, KeyValueList } from '../otlp/types.ts'
import { storable } from './paths/access.ts'
import { goTypeOf, type OttlValue, valueTypeOf } from './values.ts'

/** A key at work: what is written in the brackets, or what was worked out of it. */
export interface IndexKey {
  value: OttlValue
  /** A text or a whole number that is written out. */
  written: boolean
}

function wrongKey({ value, written }: IndexKey, wanted: 'string' | 'int64'): Error {
  const what = wanted === 'string' ? 'a string index in map' : 'an integer index in slice'
  const why = written
    ? 'invalid key type'
    : `could not resolve key for map/slice, expecting '${wanted}' but got '${value === null ? '<nil>' : goTypeOf(value)}'`
  return new Error(`unable to resolve ${what}: ${why}`)
}

function textKey(key: IndexKey): string {
  if (typeof key.value === 'string') return key.value
  throw wrongKey(key, 'string')
}

function place(key: IndexKey, length: number): number {
  if (typeof key.value !== 'bigint') throw wrongKey(key, 'int64')
  if (key.value < 0n || key.value >= BigInt(length)) throw new Error(`index ${key.value} out of bounds`)
  return Number(key.value)
}

/** What a path's keys lead to in pdata; nil where a map has not the key (ctxutil's getIndexableValue). */
export function lookUp(value: AnyValue, keys: readonly IndexKey[]): AnyValue {
  let found = value
  for (const key of keys) {
    if (found instanceof KeyValueList) {
      const held = attributeOf(found.values, textKey(key))
      if (held === undefined) return null
      found = held
    } else if (Array.isArray(found)) found = found[place(key, found.length)]!
    else throw new Error(`type ${valueTypeOf(found)} does not support string indexing`)
  }
  return found
}

/** The same in what a converter returned, where nothing may be missing (getIndexedValue). */
export function lookUpResult(value: OttlValue, keys: readonly IndexKey[]): OttlValue {
  let found = value
  for (const { value: key } of keys) {
    if (key === null) throw new Error('key expression returned nil, expected an int or string')
    if (typeof key === 'string') {
      if (!(found instanceof KeyValueList)) throw new Error(`type ${goTypeOf(found)} does not support string indexing`)
      const held = attributeOf(found.values, key)
      if (held === undefined) throw new Error('key not found in map')
      found = held
    } else if (typeof key === 'bigint') {
      if (!Array.isArray(found) && !(found instanceof Uint8Array)) {
        throw new Error(`type ${goTypeOf(found)} does not support int indexing`)
      }
      const element = found[place({ value: key, written: true }, found.length)]!
      found = Array.isArray(found) ? element : BigInt(element as number)
    } else throw new Error(`key expression must evaluate to string or int, got ${goTypeOf(key)}`)
  }
  return found
}

/** A place that holds a value. */
interface Slot {
  get(): AnyValue
  put(value: AnyValue): void
}

function slotOf(pairs: KeyValue[], key: string): Slot {
  let pair = pairs.find((one) => one.key === key)
  if (pair === undefined) {
    pair = { key, value: null }
    pairs.push(pair)
  }
  const held = pair
  return {
    get: () => held.value,
    put: (value) => {
      held.value = value
    },
  }
}

function elementOf(list: AnyValue[], at: number): Slot {
  return {
    get: () => list[at]!,
    put: (value) => {
      list[at] = value
    },
  }
}

/** What is empty becomes a map or a list, as the key wants it. */
function grown(slot: Slot, key: IndexKey): Slot {
  if (typeof key.value === 'string') {
    const pairs: KeyValue[] = []
    slot.put(new KeyValueList(pairs))
    return slotOf(pairs, key.value)
  }
  if (typeof key.value === 'bigint') {
    const list: AnyValue[] = new Array<AnyValue>(Math.max(0, Number(key.value)) + 1).fill(null)
    slot.put(list)
    return elementOf(list, list.length - 1)
  }
  throw new Error('neither a string nor an int index was given, this is an error in the OTTL')
}

function step(slot: Slot, key: IndexKey): Slot {
  const held = slot.get()
  if (held instanceof KeyValueList) return slotOf(held.values, textKey(key))
  if (Array.isArray(held)) return elementOf(held, place(key, held.length))
  if (held === null) return grown(slot, key)
  throw new Error(`type ${valueTypeOf(held)} does not support string indexing`)
}

/** Sets what the keys lead to; maps and lists on the way are made (SetIndexableValue). */
export function putInto(map: KeyValueList, keys: readonly IndexKey[], value: OttlValue): void {
  const [first, ...rest] = keys
  let name: string
  try {
    name = textKey(first!)
  } catch (error) {
    throw new Error(`cannot set map value: ${(error as Error).message}`)
  }
  fill(slotOf(map.values, name), rest, value)
}

export function putIntoList(list: AnyValue[], keys: readonly IndexKey[], value: OttlValue): void {
  fill(elementOf(list, place(keys[0]!, list.length)), keys.slice(1), value)
}

function fill(start: Slot, keys: readonly IndexKey[], value: OttlValue): void {
  const slot = keys.reduce(step, start)
  slot.put(storable(value, valueTypeOf(slot.get())))
}
