/** Growing buffer of varints, strings and doubles for the journal's records. */
export class ByteWriter {
  #bytes = Buffer.allocUnsafe(1024)
  #length = 0

  #room(size: number): void {
    if (this.#length + size <= this.#bytes.length) return
    const next = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#length + size))
    this.#bytes.copy(next, 0, 0, this.#length)
    this.#bytes = next
  }

  /** Non-negative, below 2^53. */
  uint(value: number): void {
    this.#room(8)
    let rest = value
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) + 128
      rest = Math.floor(rest / 128)
    }
    this.#bytes[this.#length++] = rest
  }

  /** Any safe integer: zigzag, so that small ones are short. */
  int(value: number): void {
    this.uint(value < 0 ? -2 * value - 1 : 2 * value)
  }

  double(value: number): void {
    this.#room(8)
    this.#length = this.#bytes.writeDoubleLE(value, this.#length)
  }

  string(text: string): void {
    const size = Buffer.byteLength(text)
    this.uint(size)
    this.#room(size)
    this.#length += this.#bytes.write(text, this.#length)
  }

  strings(list: readonly string[]): void {
    this.uint(list.length)
    for (const text of list) this.string(text)
  }

  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }
}

/** Reads what ByteWriter wrote. */
export class ByteReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length
  }

  uint(): number {
    const first = this.#bytes[this.#at]
    if (first !== undefined && first < 128) {
      this.#at++
      return first
    }
    let value = 0
    let factor = 1
    for (;;) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new RangeError('record ends early')
      value += (byte & 127) * factor
      if (byte < 128) return value
      factor *= 128
    }
  }

  int(): number {
    const value = this.uint()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  double(): number {
    const value = this.#bytes.readDoubleLE(this.#at)
    this.#at += 8
    return value
  }

  string(): string {
    const size = this.uint()
    this.#at += size
    return this.#bytes.toString('utf8', this.#at - size, this.#at)
  }

  strings(): string[] {
    return Array.from({ length: this.uint() }, () => this.string())
  }
}
