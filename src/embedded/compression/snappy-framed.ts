import { snappy } from '../snappy.ts'
import { InflateError, tooLarge } from './inflate-error.ts'
import { inflateSnappy } from './snappy-block.ts'

/** Snappy's framing format (framing_format.txt): chunks of a kind, a length, a masked CRC-32C and at most 64 KiB. */
const HEAD = Buffer.from('\xff\x06\x00\x00sNaPpY', 'latin1')
const PACKED = 0x00
const PLAIN = 0x01
const MAX_CHUNK = 65_536

export function isFramed(raw: Uint8Array): boolean {
  return raw.length >= HEAD.length && HEAD.equals(raw.subarray(0, HEAD.length))
}

export function inflateFramed(raw: Uint8Array, maxBytes: number): Uint8Array {
  if (raw.length === 0) return raw
  const corrupt = () => new InflateError('snappy: corrupt input')
  if (!isFramed(raw)) throw corrupt()
  const parts: Uint8Array[] = []
  let size = 0
  for (let at = 0; at < raw.length; ) {
    if (at + 4 > raw.length) throw new InflateError('unexpected EOF')
    const kind = raw[at]!
    const length = raw[at + 1]! | (raw[at + 2]! << 8) | (raw[at + 3]! << 16)
    const chunk = raw.subarray(at + 4, at + 4 + length)
    if (chunk.length < length) throw new InflateError('unexpected EOF')
    at += 4 + length
    if (kind === PACKED || kind === PLAIN) {
      if (length < 4) throw corrupt()
      const part = kind === PLAIN ? chunk.subarray(4) : inflateSnappy(chunk.subarray(4), MAX_CHUNK)
      if (part.length > MAX_CHUNK || Buffer.from(chunk).readUInt32LE(0) !== masked(part)) throw corrupt()
      size += part.length
      if (size > maxBytes) throw tooLarge(maxBytes)
      parts.push(part)
    } else if (kind < 0x80) throw new InflateError('snappy: unsupported input')
  }
  return new Uint8Array(Buffer.concat(parts, size))
}

export function deflateFramed(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = bytes.length === 0 ? [] : [HEAD]
  for (let at = 0; at < bytes.length; at += MAX_CHUNK) {
    const plain = bytes.subarray(at, at + MAX_CHUNK)
    const packed = snappy(plain)
    const body = packed.length < plain.length ? packed : plain
    const head = Buffer.alloc(8)
    head.writeUInt32LE((body === packed ? PACKED : PLAIN) | ((body.length + 4) << 8), 0)
    head.writeUInt32LE(masked(plain), 4)
    parts.push(head, body)
  }
  return Buffer.concat(parts)
}

const CASTAGNOLI = 0x82f63b78
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ CASTAGNOLI : sum >>> 1
  return sum
})

function masked(bytes: Uint8Array): number {
  let sum = 0xffffffff
  for (const byte of bytes) sum = table[(sum ^ byte) & 0xff]! ^ (sum >>> 8)
  sum = ~sum >>> 0
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0
}
