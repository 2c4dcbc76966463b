import { expect, test } from 'vitest'
import { readCount, readPercent, readSize } from '../../../src/exercises/answers/read/amount.ts'

const of = (given: ReturnType<typeof readCount>) => (given.ok ? given.value : given.case)

test.each<[string, number | string]>([
  ['8', 8],
  ['8 spans', 8],
  ['eight', 8],
  ['there are 8 spans.', 8],
  ['about 8', 8],
  ['I counted 8', 8],
  ['spans: 8', 8],
  ['n=8', 8],
  ['8 (eight)', 8],
  ['8?', 8],
  ['8x', 8],
  ['８', 8],
  ['thirteen', 13],
  ['512MB', 512],
  ['512 megabytes', 512],
  ['8kB', 'bad-count'],
  ['8 is wrong', 'bad-count'],
  ['8 spans are not right', 'bad-count'],
  ['8 or more', 'bad-count'],
  ['1,234', 1234],
  ['1,000', 1000],
  ['1.000', 'not-whole'],
  ['1,0000', 'not-whole'],
  ['1 234', 1234],
  ["1'234'567", 1_234_567],
  ['8.0', 8],
  ['1.2k', 1200],
  ['1e3', 1000],
  ['none', 0],
  ['no spans', 0],
  ['0', 0],
  ['', 'empty'],
  ['many', 'no-number'],
  ['-8', 'negative'],
  ['1.234', 'not-whole'],
  ['1,2', 'not-whole'],
  ['8.5', 'not-whole'],
  ['8 or 9', 'several'],
  ['8 of 10', 'several'],
  ['8-9', 'several'],
  ['8%', 'bad-count'],
  ['8 percent', 'bad-count'],
  ['8 thousand', 'bad-count'],
  ['1.234.567', 'bad-number'],
  ['NaN', 'no-number'],
  ['1e400', 'bad-number'],
])('the count %j is %s', (text, wanted) => {
  expect(of(readCount(text))).toBe(wanted)
})

test.each<[string, number | string]>([
  ['12%', 12],
  ['12.5 %', 12.5],
  ['12,5 %', 12.5],
  ['12 percent', 12],
  ['about 12 per cent', 12],
  ['3 of 25', 12],
  ['3 out of 25 files', 12],
  ['3/25', 12],
  ['one in eight', 12.5],
  ['100%', 100],
  ['12', 'no-unit'],
  ['0.12', 'no-unit'],
  ['-12%', 'negative'],
  ['26/25', 'bad-share'],
  ['3/0', 'bad-share'],
  ['1,234 %', 'ambiguous'],
  ['12% or 13%', 'bad-share'],
  ['12 ms', 'bad-share'],
])('the share %j is %s', (text, wanted) => {
  const given = of(readPercent(text))
  if (typeof wanted === 'number') expect(given).toBeCloseTo(wanted)
  else expect(given).toBe(wanted)
})

test.each<[string, number | string]>([
  ['512', 512],
  ['512 B', 512],
  ['512 bytes', 512],
  ['1.2 kB', 1200],
  ['1,2 KB', 1200],
  ['1.5 KiB', 1536],
  ['1.2 MB', 1_200_000],
  ['1 MiB', 2 ** 20],
  ['2 megabytes', 2_000_000],
  ['3 GiB', 3 * 2 ** 30],
  ['1 234 567 bytes', 1_234_567],
  ['1.5', 'not-whole'],
  ['1.5 B', 'not-whole'],
  ['8b', 'bits'],
  ['8 Mb', 'bits'],
  ['8 kbit', 'bits'],
  ['8M', 'ambiguous'],
  ['8 K', 'ambiguous'],
  ['1,234 kB', 'ambiguous'],
  ['-1 B', 'negative'],
  ['8 parsecs', 'bad-unit'],
  ['8 kB or so many', 'bad-unit'],
  ['big', 'no-number'],
])('the size %j is %s', (text, wanted) => {
  expect(of(readSize(text))).toBe(wanted)
})
