import type { Scope, ScopeOf } from '../types.ts'

/**
 * A scope and its items that know the bytes which they were read from, so that what no processor touched is sent on
 * without being written anew. A copy (`{ ...scope, items }`) does not know them.
 */
export class KeptScope<T> implements ScopeOf<T> {
  readonly scope: Scope
  readonly schemaUrl: string
  readonly items: T[]
  readonly #bytes: Uint8Array
  readonly #count: number

  constructor({ scope, schemaUrl, items }: ScopeOf<T>, bytes: Uint8Array) {
    this.scope = scope
    this.schemaUrl = schemaUrl
    this.items = items
    this.#bytes = bytes
    this.#count = items.length
  }

  /** The message's bytes, if it is still what was read. */
  static bytesOf(scope: ScopeOf<unknown>): Uint8Array | undefined {
    return #bytes in scope && scope.items.length === scope.#count ? scope.#bytes : undefined
  }
}
