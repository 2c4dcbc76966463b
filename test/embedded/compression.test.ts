import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { createBudget } from '../../src/embedded/compression/budget.ts'
import { deflateFramed } from '../../src/embedded/compression/snappy-framed.ts'
import { xxh32 } from '../../src/embedded/compression/xxh32.ts'
import { compress, createInflate, type Encoding, InflateError } from '../../src/embedded/compression.ts'
import { Random } from '../support/random.ts'

const ENCODINGS: Encoding[] = ['gzip', 'zlib', 'deflate', 'snappy', 'x-snappy-framed', 'zstd', 'lz4']
const inflate = createInflate(64 << 20)
const MAX = 20 << 20

function samples(): Uint8Array[] {
  const random = new Random(7)
  const noise = (bytes: number) => Uint8Array.from({ length: bytes }, () => random.below(256))
  const mixed = Buffer.concat(
    Array.from({ length: 300 }, (_, i) => Buffer.concat([Buffer.from(`span ${i % 9} `.repeat(i % 50)), noise(i % 40)])),
  )
  const sizes = [0, 1, 3, 4, 12, 13, 59, 60, 61, 64, 65, 65_535, 65_536, 65_537]
  return [...sizes.map(noise), ...sizes.map((bytes) => new Uint8Array(bytes).fill(97)), mixed, noise(200_000)]
}

test.each(ENCODINGS)('%s gives back what it was given', async (encoding) => {
  for (const plain of samples()) {
    const packed = await compress(encoding, plain)
    expect(Buffer.compare(await inflate(encoding, packed, MAX), plain)).toBe(0)
  }
})

test.each(ENCODINGS)('%s shrinks what repeats, and levels are taken', async (encoding) => {
  const plain = Buffer.from('the quick brown fox '.repeat(5_000))
  for (const level of encoding === 'zstd' || /gzip|zlib|deflate/.test(encoding) ? [0, 1, 9] : [0]) {
    const packed = await compress(encoding, plain, level)
    expect(packed.length).toBeLessThan(plain.length / 10)
    expect(Buffer.from(await inflate(encoding, packed, MAX)).equals(plain)).toBe(true)
  }
})

test.each(ENCODINGS)('%s: what is cut or damaged is refused, never half taken', async (encoding) => {
  const plain = Buffer.from('the quick brown fox '.repeat(500))
  const packed = await compress(encoding, plain)
  for (let cut = 1; cut < packed.length; cut += 7) {
    const part = packed.subarray(0, cut)
    const got = await inflate(encoding, part, MAX).catch((error) => error)
    expect(got, `${cut} of ${packed.length}`).toBeInstanceOf(InflateError)
  }
  const random = new Random(3)
  for (let i = 0; i < 200; i++) {
    const bad = Uint8Array.from(packed)
    bad[random.below(bad.length)]! ^= 1 + random.below(255)
    const got = await inflate(encoding, bad, MAX).catch((error) => error)
    // Snappy's blocks and a zstd frame as ours have no checksum: there what is damaged may still be whole.
    const unsure = encoding === 'snappy' || encoding === 'zstd'
    if (!(got instanceof InflateError) && !unsure) expect(Buffer.from(got).equals(plain)).toBe(true)
  }
})

test.each(ENCODINGS)('%s: more than is allowed is told from what is damaged', async (encoding) => {
  const packed = await compress(encoding, new Uint8Array(1_000_000))
  const error = await inflate(encoding, packed, 999_999).catch((error) => error)
  expect(error).toMatchObject({ tooLarge: true, message: 'it inflates to more than 999999 bytes' })
  expect((await inflate(encoding, packed, 1_000_000)).length).toBe(1_000_000)
})

test('several members, frames and the old framing under the name of snappy are read', async () => {
  const [a, b] = [Buffer.from('first '), Buffer.from('second')]
  for (const encoding of ['gzip', 'zstd', 'lz4'] as const) {
    const both = Buffer.concat([await compress(encoding, a), await compress(encoding, b)])
    expect(Buffer.from(await inflate(encoding, both, MAX)).toString()).toBe('first second')
  }
  expect(Buffer.from(await inflate('snappy', deflateFramed(a), MAX)).toString()).toBe('first ')
})

test('XXH32 as its specification has it', () => {
  expect(xxh32(new Uint8Array(0))).toBe(0x02cc5d05)
  expect(xxh32(Buffer.from('abc'))).toBe(0x32d153ff)
  expect(xxh32(Buffer.from('Nobody inspects the spammish repetition'))).toBe(0xe2293b2f)
})

test('a crowd of bombs is inflated a few at a time, and each in its turn', async () => {
  const bomb = gzipSync(Buffer.alloc(24 << 20), { level: 9 })
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => inflate('gzip', bomb, MAX).catch((error: InflateError) => error.tooLarge)),
  )
  expect(answers).toEqual(Array(20).fill(true))
})

test('a budget is shared in the order of asking, and who wants more than there is gets it all', async () => {
  const budget = createBudget(10)
  const order: string[] = []
  const releaseA = await budget.take(8)
  const b = budget.take(100).then((release) => {
    order.push('b')
    return release
  })
  const c = budget.take(1).then((release) => {
    order.push('c')
    return release
  })
  await Promise.resolve()
  expect(order).toEqual([])
  releaseA()
  releaseA()
  const releaseB = await b
  expect(order).toEqual(['b'])
  releaseB()
  await c
  expect(order).toEqual(['b', 'c'])
})
