import { findMatches } from './compression/matches.ts'

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
  // No copy writes more than 64 bytes, of three: what announces more would only cost memory.
  if (size > (input.length - at) * 22) throw new RangeError('snappy: output is longer than its input can hold')
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

/** The farthest that a copy with two bytes for its offset reaches. */
const MAX_OFFSET = 65_535
const FRAGMENT = 65_536

/** Snappy's block format. */
export function snappy(bytes: Uint8Array): Uint8Array {
  // Snappy never grows by more than this.
  const out = new Uint8Array(32 + bytes.length + Math.ceil(bytes.length / 6))
  let at = 0
  for (let rest = bytes.length; ; rest = Math.floor(rest / 128)) {
    out[at++] = (rest % 128) | (rest > 127 ? 128 : 0)
    if (rest <= 127) break
  }
  for (let start = 0; start < bytes.length; start += FRAGMENT) {
    const part = bytes.subarray(start, start + FRAGMENT)
    for (const { from, to, offset, length } of findMatches(part, MAX_OFFSET, 0)) {
      if (to > from) {
        const more = to - from - 1
        if (more < 60) out[at++] = more << 2
        else {
          // Tag 61: the length less one is in the next two bytes.
          out[at++] = 61 << 2
          out[at++] = more & 0xff
          out[at++] = more >> 8
        }
        out.set(part.subarray(from, to), at)
        at += to - from
      }
      for (let rest = length; rest > 0; rest -= 64) {
        out[at++] = ((Math.min(rest, 64) - 1) << 2) | 2
        out[at++] = offset & 0xff
        out[at++] = offset >> 8
      }
    }
  }
  return out.slice(0, at)
}
