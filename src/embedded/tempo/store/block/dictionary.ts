/** Distinct values by number, so that columns hold numbers. */
export class Dictionary<T> {
  readonly values: T[] = []
  readonly #indexes = new Map<string, number>()

  /** `key` tells values apart. */
  add(key: string, make: () => T): number {
    const known = this.#indexes.get(key)
    if (known !== undefined) return known
    this.#indexes.set(key, this.values.length)
    return this.values.push(make()) - 1
  }

  find(key: string): number | undefined {
    return this.#indexes.get(key)
  }

  get size(): number {
    return this.values.length
  }
}
