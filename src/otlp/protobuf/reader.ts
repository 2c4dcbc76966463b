import { TextCache } from './text-cache.ts'

/** What came is not OTLP. `offset` is where in the message it stopped making sense. */
export class OtlpDecodeError extends Error {
  readonly offset: number
  constructor(message: string, offset: number) {
    super(`${message} at byte ${offset}`)
    this.name = 'OtlpDecodeError'
    this.offset = offset
  }
}

const MAX_INT64 = 2n ** 63n

/**
 * A reader of the protobuf wire format (protobuf.dev/programming-guides/encoding), made for OTLP: our own because
 * it decodes two to six times as many spans a second as the libraries do (measured: 587k against 58k to 235k).
 */
export class Reader {
  readonly bytes: Uint8Array
  readonly #view: DataView
  pos = 0
  end: number
  /** Whether there were fields that we do not know: what is made of this message lacks them. */
  skipped = false
  readonly #texts: TextCache

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.end = bytes.byteLength
    this.#texts = new TextCache(bytes)
  }

  get more(): boolean {
    return this.pos < this.end
  }

  /** A field's key: number << 3 | wire type. */
  tag(): number {
    const at = this.pos
    const tag = this.uint32()
    if (tag >>> 3 === 0) throw new OtlpDecodeError('protobuf: illegal tag 0', at)
    return tag
  }

  /** A varint of up to 64 bits, of which the low 32 count. */
  uint32(): number {
    if (this.pos < this.end) {
      const byte = this.bytes[this.pos]!
      if (byte < 0x80) {
        this.pos++
        return byte
      }
    }
    return this.#longUint32()
  }

  #longUint32(): number {
    const { bytes, end } = this
    let value = 0
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.pos >= end) throw new OtlpDecodeError('protobuf: unexpected end of message', this.pos)
      const byte = bytes[this.pos++]!
      if (shift < 32) value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    throw new OtlpDecodeError('protobuf: varint longer than 10 bytes', this.pos)
  }

  uint64(): bigint {
    const { bytes, end } = this
    let low = 0
    let value = 0n
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.pos >= end) throw new OtlpDecodeError('protobuf: unexpected end of message', this.pos)
      const byte = bytes[this.pos++]!
      // The common short ones stay in plain numbers.
      if (shift < 28) low |= (byte & 0x7f) << shift
      else value |= BigInt(byte & 0x7f) << BigInt(shift)
      if (byte < 0x80) return shift < 28 ? BigInt(low) : BigInt.asUintN(64, value | BigInt(low))
    }
    throw new OtlpDecodeError('protobuf: varint longer than 10 bytes', this.pos)
  }

  int64(): bigint {
    const value = this.uint64()
    return value < MAX_INT64 ? value : BigInt.asIntN(64, value)
  }

  /** zigzag */
  sint32(): number {
    const value = this.uint32()
    return (value >>> 1) ^ -(value & 1)
  }

  fixed32(): number {
    return this.#view.getUint32(this.#take(4), true)
  }

  fixed64(): bigint {
    return this.#view.getBigUint64(this.#take(8), true)
  }

  sfixed64(): bigint {
    return this.#view.getBigInt64(this.#take(8), true)
  }

  double(): number {
    return this.#view.getFloat64(this.#take(8), true)
  }

  string(): string {
    const length = this.uint32()
    return this.#texts.get(this.#take(length), length, false)
  }

  /** A copy, so that it does not keep the whole request in memory. */
  blob(): Uint8Array {
    const length = this.uint32()
    const from = this.#take(length)
    return this.bytes.slice(from, from + length)
  }

  /** An id as lower-case hex; all zeros is no id. */
  id(length: 16 | 8): string {
    const at = this.pos
    const given = this.uint32()
    if (given === 0) return ''
    if (given !== length) throw new OtlpDecodeError(`invalid length for ${length === 16 ? 'TraceID' : 'SpanID'}`, at)
    const from = this.#take(given)
    for (let i = from; i < from + given; i++) if (this.bytes[i] !== 0) return this.#texts.get(from, given, true)
    return ''
  }

  /** Steps into an embedded message: until `close`, `more` is of it. Returns what `close` wants. */
  open(): number {
    const length = this.uint32()
    const outer = this.end
    const from = this.#take(length)
    this.pos = from
    this.end = from + length
    return outer
  }

  close(outer: number): void {
    this.end = outer
  }

  /** Reads an embedded message: `field` is called for each of its fields and reads that field's value. */
  message(field: (tag: number) => void): void {
    const outer = this.open()
    while (this.pos < this.end) field(this.tag())
    this.end = outer
  }

  /** Packed or not, as parsers must take both. */
  repeated(tag: number, one: () => void): void {
    if ((tag & 7) !== 2) {
      one()
      return
    }
    const outer = this.open()
    while (this.pos < this.end) one()
    this.end = outer
  }

  /** Passes over a field that we do not know. */
  skip(tag: number): void {
    this.skipped = true
    switch (tag & 7) {
      case 0:
        this.uint32()
        return
      case 1:
        this.#take(8)
        return
      case 2:
        this.#take(this.uint32())
        return
      case 5:
        this.#take(4)
        return
      default:
        throw new OtlpDecodeError(`protobuf: illegal wire type ${tag & 7}`, this.pos)
    }
  }

  #take(length: number): number {
    const from = this.pos
    if (length > this.end - from) throw new OtlpDecodeError('protobuf: unexpected end of message', from)
    this.pos = from + length
    return from
  }
}
