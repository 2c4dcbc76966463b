import { createHash, randomUUID } from 'node:crypto'
import { type FunctionTable, of } from '../function.ts'
import { textOf } from '../values.ts'

const hash = (name: string) => of(([value]) => createHash(name).update(textOf(value!)).digest('hex'))

const FNV_PRIME = 1_099_511_628_211n

export const HASHES: FunctionTable = {
  MD5: hash('md5'),
  SHA1: hash('sha1'),
  SHA256: hash('sha256'),
  SHA512: hash('sha512'),
  // FNV-1, 64 bits.
  FNV: of(([value]) => {
    let sum = 14_695_981_039_346_656_037n
    for (const byte of Buffer.from(textOf(value!))) sum = BigInt.asUintN(64, sum * FNV_PRIME) ^ BigInt(byte)
    return BigInt.asIntN(64, sum)
  }),
  UUID: of(() => randomUUID()),
}
