import { cloneValue } from '../../otlp/clone.ts'
import { type AnyValue, type KeyValue, KeyValueList } from '../../otlp/types.ts'
import type { Scene } from '../scene.ts'
import { goTypeOf, OttlId, OttlStructure, OttlTime, type OttlValue } from '../values.ts'

/** What a path does with the item at hand. Setters throw in the words of pkg/ottl's contexts. */
export interface Access {
  get(scene: Scene): OttlValue
  /** Absent where the path can only be read. */
  set?(scene: Scene, value: OttlValue): void
  /** It may have brackets behind it. */
  indexed?: true
}

type Holder<T> = (scene: Scene) => T

/** A setter's value of one Go type. */
function expected<T extends OttlValue>(fits: (value: OttlValue) => value is T, go: string) {
  return (value: OttlValue): T => {
    if (fits(value)) return value
    if (value === null) throw new Error('setting a value to nil is not supported')
    throw new Error(`expects ${go} but got ${goTypeOf(value)}`)
  }
}

export const asString = expected((value): value is string => typeof value === 'string', 'string')
export const asInt = expected((value): value is bigint => typeof value === 'bigint', 'int64')
export const asFloat = expected((value): value is number => typeof value === 'number', 'float64')
export const asBool = expected((value): value is boolean => typeof value === 'boolean', 'bool')
export const asTime = expected((value): value is OttlTime => value instanceof OttlTime, 'time.Time')

type Keyed<K extends string, V> = { [key in K]: V }

export const text = <K extends string>(of: Holder<Keyed<K, string>>, key: K): Access => ({
  get: (scene) => of(scene)[key],
  set: (scene, value) => {
    of(scene)[key] = asString(value) as never
  },
})

/** A number that pdata keeps in 32 bits. */
export const count = <K extends string>(of: Holder<Keyed<K, number>>, key: K, signed = false): Access => ({
  get: (scene) => BigInt(of(scene)[key]),
  set: (scene, value) => {
    const bits = signed ? BigInt.asIntN(32, asInt(value)) : BigInt.asUintN(32, asInt(value))
    of(scene)[key] = Number(bits) as never
  },
})

export const nanos = <K extends string>(of: Holder<Keyed<K, bigint>>, key: K): Access => ({
  get: (scene) => BigInt.asIntN(64, of(scene)[key]),
  set: (scene, value) => {
    of(scene)[key] = BigInt.asUintN(64, asInt(value)) as never
  },
})

export const time = <K extends string>(of: Holder<Keyed<K, bigint>>, key: K): Access => ({
  get: (scene) => new OttlTime(of(scene)[key]),
  set: (scene, value) => {
    of(scene)[key] = BigInt.asUintN(64, asTime(value).ns) as never
  },
})

/** An id, as Go's type of its own; `.string` is its text. */
export function ids<K extends string>(of: Holder<Keyed<K, string>>, key: K, bytes: 8 | 16): [id: Access, text: Access] {
  const go = bytes === 16 ? 'pcommon.TraceID' : 'pcommon.SpanID'
  const isId = expected((value): value is OttlId => value instanceof OttlId && value.go === go, go)
  const read = (scene: Scene) => of(scene)[key].padStart(bytes * 2, '0')
  const write = (scene: Scene, hex: string) => {
    of(scene)[key] = (/^0*$/.test(hex) ? '' : hex) as never
  }
  return [
    { get: (scene) => new OttlId(go, read(scene)), set: (scene, value) => write(scene, isId(value).hex) },
    {
      get: read,
      set: (scene, value) => {
        const hex = asString(value)
        if (!new RegExp(`^[0-9a-fA-F]{${bytes * 2}}$`).test(hex)) {
          throw new Error(`${bytes === 16 ? 'trace' : 'span'} ids must be ${bytes * 2} hex characters`)
        }
        write(scene, hex.toLowerCase())
      },
    },
  ]
}

/** A map, and with keys what is in it. */
export const map = (of: Holder<KeyValue[]>): Access => ({
  indexed: true,
  get: (scene) => new KeyValueList(of(scene)),
  set: (scene, value) => {
    const pairs = of(scene)
    if (value !== null && !(value instanceof KeyValueList)) {
      throw new Error(`unsupported type provided for setting a pcommon.Map: ${goTypeOf(value)}`)
    }
    const held = value === null ? [] : value.values
    if (held !== pairs) pairs.splice(0, pairs.length, ...(cloneValue(new KeyValueList(held)) as KeyValueList).values)
  },
})

/** A list of messages, which only another of its kind can take the place of. */
export const structures = (go: string, of: Holder<unknown[] | undefined>): Access => ({
  get: (scene) => {
    const held = of(scene)
    return held === undefined ? null : new OttlStructure(go, held)
  },
  set: (scene, value) => {
    const held = of(scene)
    if (held === undefined) throw new Error('unsupported data point type')
    if (value === null) return void held.splice(0)
    if (!(value instanceof OttlStructure) || value.go !== go)
      throw new Error(`expects ${go} but got ${goTypeOf(value)}`)
    if (value.value !== held) held.splice(0, held.length, ...(value.value as unknown[]))
  },
})

export const read = (get: Access['get']): Access => ({ get })

/** What pdata can hold of a value that was worked out. */
export function storable(value: OttlValue, before: string): AnyValue {
  if (value instanceof OttlTime || value instanceof OttlId || value instanceof OttlStructure || isDuration(value)) {
    throw new Error(`unsupported type ${goTypeOf(value)} for set operation; current value type is ${before}`)
  }
  return cloneValue(value)
}

const isDuration = (value: OttlValue): value is Exclude<OttlValue, AnyValue | OttlTime | OttlId | OttlStructure> =>
  goTypeOf(value) === 'time.Duration'
