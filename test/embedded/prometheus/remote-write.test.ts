import { expect, test } from 'vitest'
import { decodeWriteRequest, encodeWriteRequest } from '../../../src/embedded/remote-write.ts'
import { snappy, unsnappy } from '../../../src/embedded/snappy.ts'

const bytes = (...parts: (number | string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part as string))))

test('snappy: literals and overlapping copies', () => {
  // 10 bytes: the literal "ab", then a copy of 8 from 2 back.
  const packed = bytes(10, (2 - 1) << 2, 'ab', 1 | ((8 - 4) << 2), 2)
  expect(Buffer.from(unsnappy(packed, 100)).toString()).toBe('ababababab')
  const long = 'x'.repeat(200)
  expect(Buffer.from(unsnappy(bytes([0xc8, 1], 60 << 2, 199, long), 1000)).toString()).toBe(long)
})

test.each([
  ['a copy from before the start', bytes(4, 1, 2)],
  ['a literal past the end', bytes(4, 3 << 2, 'ab')],
  ['more than announced', bytes(1, 1 << 2, 'ab')],
  ['less than announced', bytes(9, 1 << 2, 'ab')],
  ['a huge announcement', bytes([0xff, 0xff, 0xff, 0xff, 0x0f])],
  ['nothing', bytes()],
])('snappy refuses %s', (_, packed) => {
  expect(() => unsnappy(packed, 1000)).toThrow(RangeError)
})

const field = (number: number, content: Buffer) => bytes([(number << 3) | 2, content.length], [...content])
const label = (name: string, value: string) =>
  field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))]))
const double = (value: number) => {
  const buffer = Buffer.alloc(8)
  buffer.writeDoubleLE(value)
  return [...buffer]
}

test('a write request: labels, samples, staleness, exemplars', () => {
  const stale = [2, 0, 0, 0, 0, 0, 0xf0, 0x7f]
  const series = Buffer.concat([
    label('__name__', 'up'),
    field(2, bytes([0x09], double(1.5), [0x10, 0xe8, 0x07])),
    field(2, bytes([0x09], stale, [0x10, 0xe9, 0x07])),
    field(3, Buffer.concat([label('trace_id', 'x'), bytes([0x11], double(2), [0x18, 0x05])])),
  ])
  expect(decodeWriteRequest(field(1, series))).toEqual([
    {
      labels: [['__name__', 'up']],
      samples: [
        { value: 1.5, time: 1000, stale: false },
        { value: Number.NaN, time: 1001, stale: true },
      ],
      exemplars: [{ labels: [['trace_id', 'x']], value: 2, time: 5 }],
      histograms: 0,
    },
  ])
  expect(() => decodeWriteRequest(field(1, series).subarray(0, 20))).toThrow('unexpected end of message')
})

test.each([0, 1, 65_535, 65_536, 200_000])('%i bytes survive snappy', (length) => {
  const bytes = Buffer.from(Uint8Array.from({ length }, (_, i) => i % 251))
  expect(Buffer.from(unsnappy(snappy(bytes), 1 << 20)).equals(bytes)).toBe(true)
})

test('what is encoded is decoded: labels in order, values, staleness', () => {
  const samples = [
    { value: -1.5, time: 1_700_000_000_123 },
    { value: 0, time: -5, stale: true },
  ]
  const labels = [
    ['b', 'é'],
    ['__name__', 'up'],
  ] as const
  const [series] = decodeWriteRequest(encodeWriteRequest([{ labels, samples }]))
  expect(series!.labels).toEqual([
    ['__name__', 'up'],
    ['b', 'é'],
  ])
  expect(series!.samples.map(({ time, stale }) => [time, stale])).toEqual([
    [1_700_000_000_123, false],
    [-5, true],
  ])
  expect(series!.samples[0]!.value).toBe(-1.5)
})
