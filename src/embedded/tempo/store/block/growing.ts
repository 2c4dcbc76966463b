type Column = Uint8Array | Uint32Array | Int32Array | BigInt64Array

/** A typed array that grows; `finish` gives what is in it, cut to size. */
export class Growing<A extends Column> {
  length = 0
  #array: A
  readonly #make: (length: number) => A

  constructor(make: (length: number) => A) {
    this.#make = make
    this.#array = make(256)
  }

  push(value: A[number]): void {
    if (this.length === this.#array.length) {
      const larger = this.#make(this.length * 2)
      ;(larger as { set(from: ArrayLike<unknown>): void }).set(this.#array)
      this.#array = larger
    }
    this.#array[this.length++] = value
  }

  finish(): A {
    return this.#array.slice(0, this.length) as A
  }
}

export const bytes = () => new Growing((n) => new Uint8Array(n))
export const numbers = () => new Growing((n) => new Uint32Array(n))
export const signed = () => new Growing((n) => new Int32Array(n))
export const nanos = () => new Growing((n) => new BigInt64Array(n))
