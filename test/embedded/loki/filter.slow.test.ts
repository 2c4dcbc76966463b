import { expect, test } from 'vitest'
import type { Entry } from '../../../src/embedded/loki/logql/source.ts'
import { encodeBlock } from '../../../src/embedded/loki/store/codec.ts'
import { BlockFilter } from '../../../src/embedded/loki/store/filter.ts'

/** Numbers that look random, the same ones each time. */
function createRandom(seed: number) {
  let state = seed
  return (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const hex = (random: (below: number) => number, length: number) =>
  Array.from({ length }, () => random(16).toString(16)).join('')

const filterOf = (entries: Entry[]) => BlockFilter.of(encodeBlock(entries).filter)!

test('a filter never denies what is there, and mostly denies what is not', () => {
  const random = createRandom(7)
  const alphabet = 'ab1 _"=:{}ü😀-'
  const entries: Entry[] = []
  for (let i = 0; i < 800; i++) {
    const noise = Array.from({ length: random(60) }, () => [...alphabet][random(13)]!).join('')
    const line = i % 2 ? `{"m":"${noise}","trace_id":"${hex(random, 32)}"}` : `${noise} trace=${hex(random, 32)}`
    entries.push({ nanos: BigInt(i), line, metadata: [['span_id', hex(random, 16)]] })
  }
  const filter = filterOf(entries)
  for (const { line, metadata } of entries) {
    for (let i = 0; i < 20; i++) {
      // Characters whole: half of one is no text.
      const characters = [...line]
      const from = random(characters.length)
      const part = characters.slice(from, from + 1 + random(characters.length - from)).join('')
      expect(filter.mayContain(part), part).toBe(true)
      expect(filter.mayHold({ value: part, whole: false }), part).toBe(true)
    }
    expect(filter.mayHaveLabelValue(metadata[0]![1])).toBe(true)
    expect(filter.mayHold({ value: metadata[0]![1], whole: true })).toBe(true)
    const id = /[\da-f]{32}/.exec(line)![0]
    expect(filter.mayHold({ value: id, whole: true }), line).toBe(true)
  }
  let wrong = 0
  for (let i = 0; i < 1000; i++) {
    const id = hex(random, 32)
    for (const may of [
      filter.mayContain(id),
      filter.mayHaveLabelValue(id),
      filter.mayHold({ value: id, whole: true }),
      filter.mayHold({ value: id, whole: false }),
    ]) {
      if (may) wrong++
    }
  }
  expect(wrong).toBeLessThan(200)
})

test('a value may be written with escapes; a filter that is damaged says nothing', () => {
  const block = (line: string) => filterOf([{ nanos: 1n, line, metadata: [] }])
  const said = { value: 'abc123', whole: true }
  expect(block('{"a":"abc124"}').mayHold(said)).toBe(false)
  expect(block('{"a":"ab\\n\\u003c\\u00e9"}').mayHold(said)).toBe(false)
  for (const line of ['{"a":"\\u0061bc123"}', 'a="\\x61bc123"', 'a="\\141bc123"', '{"a":"ab\ufffdc123"}']) {
    expect(block(line).mayHold(said), line).toBe(true)
  }
  const { filter } = encodeBlock([{ nanos: 1n, line: 'x', metadata: [] }])
  filter[6]! ^= 1
  expect(BlockFilter.of(filter)).toBeUndefined()
})
