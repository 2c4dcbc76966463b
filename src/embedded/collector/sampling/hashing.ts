const FNV32_PRIME = 0x01000193

/** FNV-1a, 32 bits, of the seed in little endian and then the bytes. */
export function seededHash(bytes: Uint8Array, seed: number): number {
  let sum = 0x811c9dc5
  const step = (byte: number) => {
    sum = Math.imul(sum ^ byte, FNV32_PRIME)
  }
  for (let i = 0; i < 4; i++) step((seed >>> (8 * i)) & 255)
  for (const byte of bytes) step(byte)
  return sum >>> 0
}

const FNV64_PRIME = 1_099_511_628_211n

/** FNV-1a, 64 bits, of the salt and then the bytes. */
export function saltedHash(salt: string, bytes: Uint8Array): bigint {
  let sum = 14_695_981_039_346_656_037n
  for (const byte of Buffer.concat([Buffer.from(salt), bytes])) {
    sum = BigInt.asUintN(64, (sum ^ BigInt(byte)) * FNV64_PRIME)
  }
  return sum
}

/** The buckets of mode hash_seed. */
export const BUCKETS = 0x4000

/** Randomness of 56 bits whose first 14 are the hash's bucket, counted from the other end (sampler_mode.go). */
export function hashedRandomness(bytes: Uint8Array, seed: number): bigint {
  const hash = seededHash(bytes, seed)
  const bucket = hash & (BUCKETS - 1)
  const unused = BigInt(hash >>> 18)
  return (BigInt(BUCKETS - 1 - bucket) << 42n) | ((unused ^ (unused << 10n)) << 14n) | BigInt(bucket)
}
