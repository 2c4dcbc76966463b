const P1 = 0x9e3779b1
const P2 = 0x85ebca77
const P3 = 0xc2b2ae3d
const P4 = 0x27d4eb2f
const P5 = 0x165667b1

const rotate = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits))
const round = (sum: number, word: number) => Math.imul(rotate((sum + Math.imul(word, P2)) | 0, 13), P1)

/** XXH32 with seed 0 (xxhash_spec.md), the checksum of LZ4's frames. */
export function xxh32(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  let sum = P5 | 0
  if (bytes.length >= 16) {
    let [a, b, c, d] = [(P1 + P2) | 0, P2 | 0, 0, -P1 | 0]
    for (; at + 16 <= bytes.length; at += 16) {
      a = round(a, view.getUint32(at, true))
      b = round(b, view.getUint32(at + 4, true))
      c = round(c, view.getUint32(at + 8, true))
      d = round(d, view.getUint32(at + 12, true))
    }
    sum = (rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18)) | 0
  }
  sum = (sum + bytes.length) | 0
  for (; at + 4 <= bytes.length; at += 4) {
    sum = Math.imul(rotate((sum + Math.imul(view.getUint32(at, true), P3)) | 0, 17), P4)
  }
  for (; at < bytes.length; at++) sum = Math.imul(rotate((sum + Math.imul(bytes[at]!, P5)) | 0, 11), P1)
  sum = Math.imul(sum ^ (sum >>> 15), P2)
  sum = Math.imul(sum ^ (sum >>> 13), P3)
  return (sum ^ (sum >>> 16)) >>> 0
}
