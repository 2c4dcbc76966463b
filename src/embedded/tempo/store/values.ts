import type { AnyValue, KeyValue } from '../../../otlp/types.ts'
import { bool, float, int, NIL, type Static, string } from '../traceql/ast.ts'
import { list } from '../traceql/evaluate/predicates.ts'
import type { Attributes } from '../traceql/source.ts'

/** How a query sees an OTLP value: maps, bytes and mixed arrays not at all, an array of one as its element. */
export function staticOf(value: AnyValue): Static {
  switch (typeof value) {
    case 'string':
      return string(value)
    case 'bigint':
      return int(value)
    case 'number':
      return float(value)
    case 'boolean':
      return bool(value)
  }
  if (!Array.isArray(value) || value.length === 0) return NIL
  const type = typeof value[0]
  if (!value.every((v) => typeof v === type)) return NIL
  const name = { string: 'string[]', bigint: 'int[]', number: 'float[]', boolean: 'bool[]' } as const
  return type in name ? list(name[type as keyof typeof name], value) : NIL
}

/** Few keys, so a look along the list is quicker than a map. */
export class KeyValueAttributes implements Attributes {
  readonly #list: readonly KeyValue[]

  constructor(list: readonly KeyValue[]) {
    this.#list = list
  }

  get(key: string): Static | undefined {
    for (const entry of this.#list) if (entry.key === key) return staticOf(entry.value)
    return undefined
  }

  *entries(): Iterable<readonly [string, Static]> {
    for (const { key, value } of this.#list) yield [key, staticOf(value)]
  }
}
