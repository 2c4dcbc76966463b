import { InflateError, tooLarge } from './inflate-error.ts'
import { findMatches } from './matches.ts'
import { xxh32 } from './xxh32.ts'

/** LZ4's frame format (lz4_Frame_format.md): a head, blocks with their lengths, a length of 0, a checksum. */
const MAGIC = 0x184d2204
const SKIPPABLE = 0x184d2a50
const RAW = 0x80000000
const BLOCK_SIZES = [0, 0, 0, 0, 64 << 10, 256 << 10, 1 << 20, 4 << 20]
const MAX_OFFSET = 65_535
/** The last match ends twelve bytes before the end of its block, so that fast decoders may copy beyond it. */
const TAIL = 12
const OUT_BLOCK = 4 << 20

export function inflateLz4(raw: Uint8Array, maxBytes: number): Uint8Array {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength)
  const out = new Growing(Math.min(maxBytes, Math.max(raw.length * 4, 4096)), maxBytes)
  let at = 0
  const need = (bytes: number) => {
    if (at + bytes > raw.length) throw new InflateError('unexpected EOF')
  }
  const u32 = () => {
    need(4)
    at += 4
    return view.getUint32(at - 4, true)
  }
  while (at < raw.length) {
    const magic = u32()
    if ((magic & 0xfffffff0) >>> 0 === SKIPPABLE) {
      const bytes = u32()
      need(bytes)
      at += bytes
      continue
    }
    if (magic !== MAGIC) throw new InflateError('lz4: bad magic number')
    const head = at
    need(3)
    const flags = raw[at++]!
    const maxBlock = BLOCK_SIZES[(raw[at++]! >> 4) & 7]!
    at += (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0)
    need(1)
    if (flags >> 6 !== 1 || maxBlock === 0) throw new InflateError('lz4: invalid frame descriptor')
    const sum = (xxh32(raw.subarray(head, at)) >>> 8) & 0xff
    if (raw[at++] !== sum) throw new InflateError('lz4: invalid frame checksum')
    const start = out.size
    for (;;) {
      const size = u32()
      if (size === 0) break
      const bytes = size & ~RAW
      if (bytes > maxBlock) throw new InflateError('lz4: invalid block size')
      need(bytes)
      const block = raw.subarray(at, at + bytes)
      if (size >= RAW) out.append(block)
      // Blocks may reach back into those before them, unless they say that they do not.
      else inflateBlock(block, out, flags & 0x20 ? out.size : start, maxBlock)
      at += bytes
      if (flags & 0x10 && u32() !== xxh32(block)) throw new InflateError('lz4: invalid block checksum')
    }
    if (flags & 4 && u32() !== xxh32(out.bytes(start))) throw new InflateError('lz4: invalid frame checksum')
  }
  return out.bytes(0).slice()
}

function inflateBlock(block: Uint8Array, out: Growing, reach: number, maxBlock: number): void {
  const corrupt = () => new InflateError('lz4: invalid source or destination buffer too short')
  const end = out.size + maxBlock
  let at = 0
  const length = (nibble: number) => {
    let sum = nibble
    for (let more = nibble === 15 ? 255 : 0; more === 255; sum += more) {
      if (at >= block.length) throw corrupt()
      more = block[at++]!
    }
    return sum
  }
  while (at < block.length) {
    const token = block[at++]!
    const literals = length(token >> 4)
    if (at + literals > block.length || out.size + literals > end) throw corrupt()
    out.append(block.subarray(at, at + literals))
    at += literals
    if (at === block.length) return
    if (at + 2 > block.length) throw corrupt()
    const offset = block[at]! | (block[at + 1]! << 8)
    at += 2
    const count = length(token & 15) + 4
    if (offset === 0 || out.size - offset < reach || out.size + count > end) throw corrupt()
    out.repeat(offset, count)
  }
}

/** Bytes that come in parts, up to so many. */
class Growing {
  size = 0
  private held: Uint8Array
  private readonly maxBytes: number
  constructor(bytes: number, maxBytes: number) {
    this.held = new Uint8Array(bytes)
    this.maxBytes = maxBytes
  }
  bytes(from: number): Uint8Array {
    return this.held.subarray(from, this.size)
  }
  append(part: Uint8Array): void {
    this.room(part.length)
    this.held.set(part, this.size)
    this.size += part.length
  }
  /** It may repeat what it is writing: then what is there to copy doubles with each turn. */
  repeat(offset: number, count: number): void {
    this.room(count)
    const from = this.size - offset
    for (let left = count; left > 0; ) {
      const part = Math.min(left, this.size - from)
      this.held.copyWithin(this.size, from, from + part)
      this.size += part
      left -= part
    }
  }
  private room(bytes: number): void {
    if (this.size + bytes <= this.held.length) return
    if (this.size + bytes > this.maxBytes) throw tooLarge(this.maxBytes)
    const held = new Uint8Array(Math.min(this.maxBytes, Math.max(this.held.length * 2, this.size + bytes)))
    held.set(this.held.subarray(0, this.size))
    this.held = held
  }
}

/** One frame of independent blocks of 4 MiB, with a checksum of it all, as pierrec/lz4 writes them. */
export function deflateLz4(bytes: Uint8Array): Uint8Array {
  const descriptor = Buffer.from([0x64, 0x70])
  const parts: Uint8Array[] = [u32(MAGIC), descriptor, Buffer.from([(xxh32(descriptor) >>> 8) & 0xff])]
  for (let at = 0; at < bytes.length; at += OUT_BLOCK) {
    const plain = bytes.subarray(at, at + OUT_BLOCK)
    const packed = deflateBlock(plain)
    if (packed.length < plain.length) parts.push(u32(packed.length), packed)
    else parts.push(u32((plain.length | RAW) >>> 0), plain)
  }
  parts.push(u32(0), u32(xxh32(bytes)))
  return Buffer.concat(parts)
}

function deflateBlock(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length + Math.ceil(bytes.length / 255) + 16)
  let at = 0
  const more = (length: number) => {
    for (let rest = length - 15; rest >= 0; rest -= 255) out[at++] = Math.min(rest, 255)
  }
  for (const { from, to, offset, length } of findMatches(bytes, MAX_OFFSET, TAIL)) {
    const literals = to - from
    const extra = offset === 0 ? 0 : length - 4
    out[at++] = (Math.min(literals, 15) << 4) | Math.min(extra, 15)
    more(literals)
    out.set(bytes.subarray(from, to), at)
    at += literals
    if (offset === 0) break
    out[at++] = offset & 0xff
    out[at++] = offset >> 8
    more(extra)
  }
  return out.subarray(0, at)
}

function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
