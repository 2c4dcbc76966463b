import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { arg, define, type OttlFunction } from '../function.ts'
import { murmur32, murmur128 } from './murmur3.ts'

const digest = (name: string, algorithm: string) =>
  define(name, [arg('Target', 'StringGetter')], ([text]) => createHash(algorithm).update(text).digest('hex'))

const FNV_PRIME = 1_099_511_628_211n

/** FNV-1a, 64 bits. */
function fnv(text: string): bigint {
  let sum = 14_695_981_039_346_656_037n
  for (const byte of Buffer.from(text)) sum = BigInt.asUintN(64, (sum ^ BigInt(byte)) * FNV_PRIME)
  return BigInt.asIntN(64, sum)
}

/** Milliseconds in front, so that later ones sort later (RFC 9562). */
function uuidv7(now: number): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(now, 0, 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

export const HASHES: readonly OttlFunction[] = [
  digest('MD5', 'md5'),
  digest('SHA1', 'sha1'),
  digest('SHA256', 'sha256'),
  digest('SHA512', 'sha512'),
  define('FNV', [arg('Target', 'StringGetter')], ([text]) => fnv(text)),
  define('Murmur3Hash', [arg('Target', 'StringGetter')], ([text]) => murmur32(Buffer.from(text))),
  define('Murmur3Hash128', [arg('Target', 'StringGetter')], ([text]) => murmur128(Buffer.from(text))),
  define('UUID', [], () => randomUUID()),
  define('UUIDv7', [], () => uuidv7(Date.now())),
]
