/** Bytes of a stream in order, as many at a time as asked for, so that no more is held than was allowed. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Buffer>
  #rest: Buffer = Buffer.alloc(0)
  /** How many were handed out. */
  position = 0

  constructor(stream: AsyncIterable<Buffer>) {
    this.#chunks = stream[Symbol.asyncIterator]()
  }

  /** Fills `target`, or as much of it as there is; returns how much. */
  async fill(target: Uint8Array): Promise<number> {
    let at = 0
    while (at < target.length) {
      const chunk = await this.#next()
      if (!chunk) break
      const part = chunk.subarray(0, target.length - at)
      target.set(part, at)
      at += part.length
      this.#rest = chunk.subarray(part.length)
    }
    this.position += at
    return at
  }

  /** Passes over `length` bytes, or as many as there are; returns how many. */
  async skip(length: number): Promise<number> {
    let left = length
    while (left > 0) {
      const chunk = await this.#next()
      if (!chunk) break
      const part = Math.min(left, chunk.length)
      this.#rest = chunk.subarray(part)
      left -= part
    }
    this.position += length - left
    return length - left
  }

  /** Bytes that were handed out last come again. */
  putBack(bytes: Uint8Array): void {
    this.#rest = Buffer.concat([bytes, this.#rest])
    this.position -= bytes.length
  }

  async #next(): Promise<Buffer | undefined> {
    if (this.#rest.length > 0) return this.#rest
    const { value, done } = await this.#chunks.next()
    return done ? undefined : value
  }
}
