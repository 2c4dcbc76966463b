import type { Static } from '../../traceql/ast.ts'
import { staticKey } from '../../traceql/evaluate/pipeline.ts'
import type { Attributes } from '../../traceql/source.ts'

/** Attributes that hold on to nothing but themselves. */
export class StoredList implements Attributes {
  readonly #list: (readonly [string, Static])[]

  private constructor(list: (readonly [string, Static])[]) {
    this.#list = list
  }

  static of(attributes: Attributes): StoredList {
    return new StoredList([...attributes.entries()])
  }

  /** Two lists with the same key are the same. */
  get key(): string {
    return this.#list.map(([name, value]) => `${name}=${staticKey(value)}`).join('\n')
  }

  get(key: string): Static | undefined {
    for (const [name, value] of this.#list) if (name === key) return value
    return undefined
  }

  entries(): Iterable<readonly [string, Static]> {
    return this.#list
  }
}
