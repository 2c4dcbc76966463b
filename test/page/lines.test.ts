import { expect, test } from 'vitest'
import { indexOfLine, type ShownLine, showLine } from '../../src/page/logs/line.ts'
import { addFresh, afterTail } from '../../src/page/logs/merge.ts'

const line = (ns: string, text: string, labels = {}) =>
  showLine({ ns, time: Number(ns) / 1e6, line: text, stream: 0, metadata: {} }, labels)
const texts = (lines: readonly ShownLine[]) => lines.map((one) => one.line.line)

test('lines of one moment are told apart, by what they say and by their stream', () => {
  const lines = [
    line('1000000', 'a'),
    line('2000000', 'a'),
    line('2000000', 'b'),
    line('2000000', 'b', { pod: '1', job: 'x' }),
    line('3000000', 'b'),
  ]
  expect(new Set(lines.map(({ key }) => key)).size).toBe(5)
  for (const [i, { key }] of lines.entries()) expect(indexOfLine(lines, key)).toBe(i)
  // However a backend orders its labels.
  expect(indexOfLine(lines, line('2000000', 'b', { job: 'x', pod: '1' }).key)).toBe(3)
  // A link that knows the moment alone leads to its first; so does one whose stream goes by other labels.
  expect(indexOfLine(lines, '2000000')).toBe(1)
  expect(indexOfLine(lines, line('2000000', 'c').key)).toBe(1)
  expect(indexOfLine(lines, '4')).toBe(-1)
  expect(indexOfLine(lines, undefined)).toBe(-1)
})

test('a line that a tail and a query both told is there once, in its place', () => {
  const base = [line('1', 'a'), line('2', 'b')]
  const newer = addFresh(base, [], [line('2', 'b'), line('2', 'B'), line('3', 'c')])
  expect(texts(newer)).toEqual(['B', 'c'])
  expect(texts(addFresh(base, newer, [line('3', 'c'), line('4', 'd')]))).toEqual(['B', 'c', 'd'])
  expect(texts(afterTail([...base, line('3', 'c'), line('5', 'e')], newer))).toEqual(['a', 'b', 'B', 'c', 'e'])
})
