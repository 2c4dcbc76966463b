/**
 * Undoes Snappy's block format (google/snappy format_description.txt): a varint of the length, then literals and
 * copies. Throws RangeError on damaged input or when it would grow past `maxBytes`.
 */
export function unsnappy(input: Uint8Array, maxBytes: number): Uint8Array {
  let at = 0
  const byte = () => {
    const value = input[at++]
    if (value === undefined) throw new RangeError('snappy: input ends early')
    return value
  }
  let size = 0
  for (let shift = 0; ; shift += 7) {
    const b = byte()
    size += (b & 127) * 2 ** shift
    if (b < 128) break
    if (shift > 28) throw new RangeError('snappy: length is too long')
  }
  if (size > maxBytes) throw new RangeError(`snappy: the block inflates to more than ${maxBytes} bytes`)
  const out = new Uint8Array(size)
  let end = 0
  while (at < input.length) {
    const tag = byte()
    if ((tag & 3) === 0) {
      let length = (tag >> 2) + 1
      // 60 to 63: the length is in the next one to four bytes.
      if (length > 60) {
        const bytes = length - 60
        length = 1
        for (let i = 0; i < bytes; i++) length += byte() * 2 ** (8 * i)
      }
      if (at + length > input.length || end + length > size) throw new RangeError('snappy: literal is too long')
      out.set(input.subarray(at, at + length), end)
      at += length
      end += length
      continue
    }
    const { length, offset } = copyOf(tag, byte)
    if (offset === 0 || offset > end || end + length > size) throw new RangeError('snappy: copy is out of bounds')
    // Byte by byte, since a copy may reach into what it is writing.
    for (let i = 0; i < length; i++, end++) out[end] = out[end - offset]!
  }
  if (end !== size) throw new RangeError('snappy: output is shorter than announced')
  return out
}

function copyOf(tag: number, byte: () => number): { length: number; offset: number } {
  if ((tag & 3) === 1) return { length: ((tag >> 2) & 7) + 4, offset: (tag >> 5) * 256 + byte() }
  const length = (tag >> 2) + 1
  let offset = byte() + byte() * 256
  if ((tag & 3) === 3) offset += byte() * 65536 + byte() * 2 ** 24
  return { length, offset }
}

/** Snappy's block format with literals alone: valid for every reader, and loopback needs no smaller. */
export function snappy(bytes: Uint8Array): Buffer {
  const size: number[] = []
  for (let rest = bytes.length; ; rest = Math.floor(rest / 128)) {
    size.push((rest % 128) | (rest > 127 ? 128 : 0))
    if (rest <= 127) break
  }
  const parts: Uint8Array[] = [Buffer.from(size)]
  for (let at = 0; at < bytes.length; at += 65_536) {
    const part = bytes.subarray(at, at + 65_536)
    // Tag 61: the length less one is in the next two bytes.
    parts.push(Buffer.from([61 << 2, (part.length - 1) & 0xff, (part.length - 1) >> 8]), part)
  }
  return Buffer.concat(parts)
}
