import { type AnyValue, KeyValueList } from '../../otlp/types.ts'
import { type FunctionTable, of } from '../function.ts'
import { compare, type OttlValue } from '../values.ts'

function lengthOf(value: OttlValue): bigint {
  if (typeof value === 'string' || Array.isArray(value) || value instanceof Uint8Array) return BigInt(value.length)
  if (value instanceof KeyValueList) return BigInt(value.values.length)
  throw new Error('target arg must be of type string, []any, or map[string]any')
}

function listOf(value: OttlValue): AnyValue[] {
  if (Array.isArray(value)) return value
  throw new Error('target must be a slice type')
}

function mapOf(value: OttlValue): KeyValueList {
  if (value instanceof KeyValueList) return value
  throw new Error('target must be a map')
}

export const COLLECTIONS: FunctionTable = {
  Len: of(([value]) => lengthOf(value!)),
  Keys: of(([map]) => mapOf(map!).values.map(({ key }) => key)),
  Values: of(([map]) => mapOf(map!).values.map(({ value }) => value)),
  ContainsValue: of(([list, item]) => listOf(list!).some((one) => compare(one, item!, '=='))),
  Index: of(([source, value]) =>
    typeof source === 'string'
      ? BigInt(source.indexOf(String(value)))
      : BigInt(listOf(source!).findIndex((one) => compare(one, value!, '=='))),
  ),
}
