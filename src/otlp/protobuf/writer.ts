/** By the code of a hex digit. */
const NIBBLE = Uint8Array.from({ length: 128 }, (_, code) => Number.parseInt(String.fromCharCode(code), 16) || 0)
/** Texts up to this long are quickest byte by byte. */
const MOSTLY_ASCII = 24

/** A writer of the protobuf wire format. Fields that hold their default are left out, as proto3 does. */
export class Writer {
  // A Buffer writes texts and hex faster than a TextEncoder does (measured: 90 ns against 120, ids 120 against 250).
  #bytes = Buffer.allocUnsafeSlow(1024)
  #view = new DataView(this.#bytes.buffer)
  #pos = 0

  /** What was written, as a copy; the writer is empty then, and may be used again. */
  finish(): Uint8Array {
    const written = new Uint8Array(this.#bytes.subarray(0, this.#pos))
    this.#pos = 0
    return written
  }

  #room(length: number): void {
    const needed = this.#pos + length
    if (needed > this.#bytes.length) {
      const bigger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2))
      bigger.set(this.#bytes)
      this.#bytes = bigger
      this.#view = new DataView(bigger.buffer)
    }
  }

  #varint(value: number): void {
    this.#room(5)
    if (value >= 0 && value < 0x80) {
      this.#bytes[this.#pos++] = value
      return
    }
    let rest = value >>> 0
    while (rest > 0x7f) {
      this.#bytes[this.#pos++] = (rest & 0x7f) | 0x80
      rest >>>= 7
    }
    this.#bytes[this.#pos++] = rest
  }

  #varint64(value: bigint): void {
    this.#room(10)
    if (value >= 0n && value <= 0x7fff_ffffn) {
      this.#varint(Number(value))
      return
    }
    let rest = BigInt.asUintN(64, value)
    while (rest > 0x7fn) {
      this.#bytes[this.#pos++] = Number(rest & 0x7fn) | 0x80
      rest >>= 7n
    }
    this.#bytes[this.#pos++] = Number(rest)
  }

  uint32(field: number, value: number): void {
    if (value === 0) return
    this.#varint(field << 3)
    this.#varint(value)
  }

  sint32(field: number, value: number): void {
    if (value === 0) return
    this.#varint(field << 3)
    this.#varint((value << 1) ^ (value >> 31))
  }

  /** Written even when false: inside a oneof the field itself is the news. */
  bool(field: number, value: boolean): void {
    this.#varint(field << 3)
    this.#varint(value ? 1 : 0)
  }

  int64(field: number, value: bigint): void {
    this.#varint(field << 3)
    this.#varint64(value)
  }

  uint64(field: number, value: bigint): void {
    if (value !== 0n) this.int64(field, value)
  }

  fixed32(field: number, value: number): void {
    if (value === 0) return
    this.#varint((field << 3) | 5)
    // Room first: it may put another array in the place of this one.
    this.#room(4)
    this.#view.setUint32(this.#pos, value, true)
    this.#pos += 4
  }

  fixed64(field: number, value: bigint): void {
    if (value !== 0n) this.sfixed64(field, value)
  }

  /** Written even when 0 (oneof members, optional fields). */
  sfixed64(field: number, value: bigint): void {
    this.#varint((field << 3) | 1)
    // Room first: it may put another array in the place of this one.
    this.#room(8)
    this.#view.setBigInt64(this.#pos, BigInt.asIntN(64, value), true)
    this.#pos += 8
  }

  /** Written even when 0 (oneof members, optional fields). */
  double(field: number, value: number): void {
    this.#varint((field << 3) | 1)
    // Room first: it may put another array in the place of this one.
    this.#room(8)
    this.#view.setFloat64(this.#pos, value, true)
    this.#pos += 8
  }

  string(field: number, value: string): void {
    if (value !== '') this.oneofString(field, value)
  }

  oneofString(field: number, value: string): void {
    this.#varint((field << 3) | 2)
    const at = this.#lengthLater()
    this.#room(value.length * 3)
    if (value.length > MOSTLY_ASCII || !this.#ascii(value)) this.#pos += this.#bytes.write(value, this.#pos)
    this.#lengthNow(at)
  }

  /** Short texts are mostly ASCII, and quickest byte by byte. */
  #ascii(value: string): boolean {
    const from = this.#pos
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i)
      if (code > 0x7f) return false
      this.#bytes[from + i] = code
    }
    this.#pos = from + value.length
    return true
  }

  bytes(field: number, value: Uint8Array): void {
    this.#varint((field << 3) | 2)
    this.#varint(value.length)
    this.#room(value.length)
    this.#bytes.set(value, this.#pos)
    this.#pos += value.length
  }

  /** A hex id as bytes; '' is left out. */
  id(field: number, hex: string): void {
    if (hex === '') return
    this.#varint((field << 3) | 2)
    this.#varint(hex.length >> 1)
    this.#room(hex.length >> 1)
    const bytes = this.#bytes
    for (let i = 0; i < hex.length; i += 2) {
      bytes[this.#pos++] = (NIBBLE[hex.charCodeAt(i)]! << 4) | NIBBLE[hex.charCodeAt(i + 1)]!
    }
  }

  message(field: number, write: () => void): void {
    const at = this.open(field)
    write()
    this.close(at)
  }

  /** Begins an embedded message: what follows is in it until `close`, which wants what this returns. */
  open(field: number): number {
    this.#varint((field << 3) | 2)
    return this.#lengthLater()
  }

  close(at: number): void {
    this.#lengthNow(at)
  }

  packedFixed64(field: number, values: readonly bigint[]): void {
    if (values.length === 0) return
    this.#varint((field << 3) | 2)
    this.#varint(values.length * 8)
    this.#room(values.length * 8)
    for (const value of values) {
      this.#view.setBigUint64(this.#pos, value, true)
      this.#pos += 8
    }
  }

  packedDouble(field: number, values: readonly number[]): void {
    if (values.length === 0) return
    this.#varint((field << 3) | 2)
    this.#varint(values.length * 8)
    this.#room(values.length * 8)
    for (const value of values) {
      this.#view.setFloat64(this.#pos, value, true)
      this.#pos += 8
    }
  }

  packedUint64(field: number, values: readonly bigint[]): void {
    if (values.length === 0) return
    this.#varint((field << 3) | 2)
    const at = this.#lengthLater()
    for (const value of values) this.#varint64(value)
    this.#lengthNow(at)
  }

  /** Leaves one byte for a length that is not known yet. */
  #lengthLater(): number {
    this.#room(1)
    return this.#pos++
  }

  #lengthNow(at: number): void {
    const length = this.#pos - at - 1
    let extra = 0
    for (let rest = length >>> 7; rest > 0; rest >>>= 7) extra++
    if (extra > 0) {
      this.#room(extra)
      this.#bytes.copyWithin(at + 1 + extra, at + 1, this.#pos)
    }
    const end = this.#pos + extra
    this.#pos = at
    this.#varint(length)
    this.#pos = end
  }
}
