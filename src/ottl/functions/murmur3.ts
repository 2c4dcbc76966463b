// MurmurHash3 (Austin Appleby, public domain): x86 of 32 bits and x64 of 128, with seed 0.

const rotate32 = (value: number, by: number) => (value << by) | (value >>> (32 - by))

/** In little endian, as hex. */
export function murmur32(bytes: Uint8Array): string {
  const data = Buffer.from(bytes)
  const whole = data.length & ~3
  let hash = 0
  const scramble = (word: number) => Math.imul(rotate32(Math.imul(word, 0xcc9e2d51), 15), 0x1b873593)
  for (let at = 0; at < whole; at += 4) {
    hash = (Math.imul(rotate32(hash ^ scramble(data.readInt32LE(at)), 13), 5) + 0xe6546b64) | 0
  }
  let tail = 0
  for (let at = data.length - 1; at >= whole; at--) tail = (tail << 8) | data[at]!
  hash ^= scramble(tail) ^ data.length
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  const out = Buffer.alloc(4)
  out.writeInt32LE(hash ^ (hash >>> 16))
  return out.toString('hex')
}

const u64 = (value: bigint) => BigInt.asUintN(64, value)
const rotate64 = (value: bigint, by: bigint) => u64(value << by) | (value >> (64n - by))
const C1 = 0x87c37b91114253d5n
const C2 = 0x4cf5ad432745937fn
const scramble1 = (word: bigint) => u64(rotate64(u64(word * C1), 31n) * C2)
const scramble2 = (word: bigint) => u64(rotate64(u64(word * C2), 33n) * C1)

function finish(value: bigint): bigint {
  let hash = u64((value ^ (value >> 33n)) * 0xff51afd7ed558ccdn)
  hash = u64((hash ^ (hash >> 33n)) * 0xc4ceb9fe1a85ec53n)
  return hash ^ (hash >> 33n)
}

/** Both halves in little endian, as hex. */
export function murmur128(bytes: Uint8Array): string {
  const data = Buffer.from(bytes)
  const whole = data.length & ~15
  let [h1, h2] = [0n, 0n]
  for (let at = 0; at < whole; at += 16) {
    h1 = u64((rotate64(h1 ^ scramble1(data.readBigUInt64LE(at)), 27n) + h2) * 5n + 0x52dce729n)
    h2 = u64((rotate64(h2 ^ scramble2(data.readBigUInt64LE(at + 8)), 31n) + h1) * 5n + 0x38495ab5n)
  }
  const tail = Buffer.concat([data.subarray(whole), Buffer.alloc(16)])
  h2 ^= scramble2(tail.readBigUInt64LE(8))
  h1 ^= scramble1(tail.readBigUInt64LE(0))
  const length = BigInt(data.length)
  h1 = u64((h1 ^ length) + (h2 ^ length))
  h2 = u64((h2 ^ length) + h1)
  h1 = finish(h1)
  h2 = finish(h2)
  h1 = u64(h1 + h2)
  const out = Buffer.alloc(16)
  out.writeBigUInt64LE(h1)
  out.writeBigUInt64LE(u64(h2 + h1), 8)
  return out.toString('hex')
}
