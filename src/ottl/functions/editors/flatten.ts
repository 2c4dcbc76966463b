import { cloneValue } from '../../../otlp/clone.ts'
import { type AnyValue, KeyValueList } from '../../../otlp/types.ts'

/**
 * Nested maps and lists become `outer.inner` and `list.0`, down to a depth. With `resolve` a key that is there already
 * gets a number, and so do the elements of a list, from the second on.
 */
export function flattened(map: KeyValueList, prefix: string, depth: number, resolve: boolean): KeyValueList {
  const result = new Map<string, AnyValue>()
  const again = new Map<string, number>()
  const put = (key: string, value: AnyValue) => {
    let name = key
    if (resolve && result.has(key)) {
      const number = again.get(key) ?? 0
      name = `${key}.${number}`
      again.set(key, number + 1)
    }
    result.set(name, cloneValue(value))
  }
  const pairs = (inner: KeyValueList, before: string, level: number) => {
    const start = before === '' ? '' : `${before}.`
    for (const { key, value } of inner.values) visit(start + key, value, level)
  }
  const visit = (key: string, value: AnyValue, level: number) => {
    if (value instanceof KeyValueList && level < depth) return pairs(value, key, level + 1)
    if (!Array.isArray(value) || level >= depth) return put(key, value)
    for (const [i, item] of value.entries()) {
      const place = `${key}.${i}`
      if (item instanceof KeyValueList && level + 1 < depth) pairs(item, place, level + 2)
      else if (Array.isArray(item) && level + 1 < depth) nested(item, place, level + 2)
      else put(resolve ? key : place, item)
    }
  }
  // The real one puts no point between a list's key and the places of a list in it.
  const nested = (items: readonly AnyValue[], before: string, level: number) => {
    for (const [i, item] of items.entries()) visit(`${before}${i}`, item, level + 1)
  }
  pairs(map, prefix, 0)
  return new KeyValueList([...result].map(([key, value]) => ({ key, value })))
}
