import { type AnyValue, type KeyValue, KeyValueList } from './types.ts'

/** A value that shares nothing with the other which could be changed. Bytes are never changed in place. */
export function cloneValue(value: AnyValue): AnyValue {
  if (Array.isArray(value)) return value.map(cloneValue)
  return value instanceof KeyValueList ? new KeyValueList(clonePairs(value.values)) : value
}

export const clonePairs = (pairs: readonly KeyValue[]): KeyValue[] =>
  pairs.map(({ key, value }) => ({ key, value: cloneValue(value) }))

/** The same of a payload, a span, a metric: of all that OTLP's types are made of. */
export function cloneOtlp<T>(thing: T): T {
  if (typeof thing !== 'object' || thing === null || thing instanceof Uint8Array) return thing
  if (Array.isArray(thing)) return thing.map(cloneOtlp) as T
  if (thing instanceof KeyValueList) return cloneValue(thing) as T
  const copy: Record<string, unknown> = {}
  for (const key in thing) copy[key] = cloneOtlp(thing[key])
  return copy as T
}
