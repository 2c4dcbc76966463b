import { expect, test } from 'vitest'
import { readDuration } from '../../../src/exercises/answers/read/duration.ts'
import type { Within } from '../../../src/exercises/answers/read/number.ts'
import { Random } from '../../support/random.ts'

const ms = (text: string, within?: Within) => {
  const given = readDuration(text, within ? { within } : {})
  return given.ok ? given.value : given.case
}

test.each<[string, number]>([
  ['1.2s', 1200],
  ['1.2 S', 1200],
  ['１.２ s', 1200],
  ['1.2 Sekunden', 1200],
  ['1,2 secondes', 1200],
  ['1.2 s (root span)', 1200],
  ['1.2 s approx', 1200],
  ['1.2s to finish', 1200],
  ['1200ms', 1200],
  ['1200 ms', 1200],
  ['1,2 s', 1200],
  ['1.234 s', 1234],
  ['.5s', 500],
  ['0,123 s', 123],
  ['1 200 ms', 1200],
  ['1\u202f200 ms', 1200],
  ["12'345 ms", 12_345],
  ['1,234.5 ms', 1234.5],
  ['1.234,5 ms', 1234.5],
  ['1_200ms', 1200],
  ['1.2e3 ms', 1200],
  ['1e9 ns', 1000],
  ['1.2E+00s', 1200],
  ['1200000 µs', 1200],
  ['1200000us', 1200],
  ['PT1.2S', 1200],
  ['PT1,2S', 1200],
  ['pt1m2s', 62_000],
  ['PT0.5H', 1_800_000],
  ['P1DT1S', 86_401_000],
  ['1m2s', 62_000],
  ['1m2.5s', 62_500],
  ['1 min 2 s', 62_000],
  ['1 min. 2 sec.', 62_000],
  ['1 minute and 2 seconds', 62_000],
  ['1 hour, 2 minutes and 3 seconds', 3_723_000],
  ['2 minutes', 120_000],
  ['two minutes', 120_000],
  ['a minute', 60_000],
  ['half a second', 500],
  ['1s200ms', 1200],
  ['1 s 200 ms', 1200],
  ['0:01.2', 1200],
  ['0:01', 1000],
  ['1:02.25', 62_250],
  ['0:00:01.2', 1200],
  ['01:02:03', 3_723_000],
  ['about 1.2 seconds', 1200],
  ['approx. 1.2 seconds', 1200],
  ['~1.2 sec', 1200],
  ['~ 1.2 sec', 1200],
  ['≈1.2s', 1200],
  ['ca. 1.2 s', 1200],
  ['it took 1.2 s.', 1200],
  ['The app ran for about 1.2 seconds!', 1200],
  ['1.2 seconds in total', 1200],
  ['1.2 s or so', 1200],
  ['"1.2s"', 1200],
  ['(1.2s)', 1200],
  ['[1.2 s]', 1200],
  ['+1.2s', 1200],
  ['1.2s?', 1200],
  ['real 0m1.200s', 1200],
  ['real\t0m1.200s\nuser\t0m0.900s\nsys\t0m0.100s', 1200],
  ['0', 0],
  ['0s', 0],
  ['1h', 3_600_000],
])('the duration %j is %d ms', (text, wanted) => {
  expect(ms(text)).toBe(wanted)
})

test.each<[string, string]>([
  ['', 'empty'],
  ['   ', 'empty'],
  ['soon', 'no-number'],
  ['NaN', 'no-number'],
  ['NaNs', 'no-number'],
  ['Infinity', 'no-number'],
  ['-1s', 'negative'],
  ['−1 s', 'negative'],
  ['1.2', 'no-unit'],
  ['1200', 'no-unit'],
  ['1e9', 'no-unit'],
  ['1,234', 'no-unit'],
  ['1,234 s', 'ambiguous'],
  ['123,456 ms', 'ambiguous'],
  ['1.2.3s', 'bad-number'],
  ['1.234.567 s', 'bad-number'],
  ['1.234.567', 'bad-number'],
  ['1,23,4 s', 'bad-number'],
  ['1 20 ms', 'no-unit'],
  ['s', 'no-number'],
  ['12 parsecs', 'bad-unit'],
  ['1.2 sm', 'bad-unit'],
  ['3 days', 'bad-unit'],
  ['1-2 s', 'several'],
  ['1 to 2 s', 'several'],
  ['1 s or 2 s', 'several'],
  ['1.2 ± 0.1 s', 'several'],
  ['between 1 and 2 s', 'not-a-duration'],
  ['1 s, 2 s', 'several'],
  ['2s 1m', 'several'],
  ['1.2s, 1200ms', 'several'],
  ['1.2s 200ms', 'several'],
  ['1m90s', 'several'],
  ['1.2s = 1200ms', 'not-a-duration'],
  ['process_file 1.2s', 'not-a-duration'],
  ['1s200', 'no-unit'],
  ['< 2 s', 'bound'],
  ['less than 2 s', 'bound'],
  ['at most 2s', 'bound'],
  ['1:60', 'bad-clock'],
  ['1:2', 'bad-clock'],
  ['25:61:99', 'bad-clock'],
  ['14:03:27 UTC', 'bad-clock'],
  ['PT', 'no-number'],
  ['P1Y', 'bad-iso'],
  ['P', 'no-number'],
  ['PT1S2M', 'bad-iso'],
  ['0x10 s', 'bad-unit'],
  ['1.2 s and then some', 'not-a-duration'],
  ['1² s', 'no-unit'],
  [`${'9'.repeat(400)} s`, 'too-long'],
  ['1e300 s', 'bad-number'],
])('the duration %j is refused: %s', (text, wanted) => {
  expect(ms(text)).toBe(wanted)
  const given = readDuration(text)
  expect(given).toMatchObject({ why: expect.any(String) })
})

test('a number without its unit is read only when the question leaves one', () => {
  const within = [20, 60_000] as const
  expect(ms('1.2', within)).toBe(1200)
  expect(ms('1200', within)).toBe(1200)
  // 1.234 s and 1234 ms are one.
  expect(ms('1,234', within)).toBe(1234)
  expect(ms('30', within)).toBe('no-unit')
  expect(ms('1e9', within)).toBe('no-unit')
  expect(ms('1,234 s', within)).toBe(1234)
  expect(ms('1,234 ms', within)).toBe(1234)
  expect(readDuration('1200')).toMatchObject({ instead: 'Write which you mean: 1200s or 1200ms' })
})

/** Ways to write a length that is whole in milliseconds. */
const WRITERS: ((value: number) => string)[] = [
  (value) => `${value}ms`,
  (value) => `${value * 1000} µs`,
  (value) => `${value}000000ns`,
  (value) => `${value / 1000} s`,
  (value) => `${(value / 1000).toFixed(4).replace('.', ',')} s`,
  (value) => `${(value / 1000).toFixed(3)} seconds`,
  (value) => `PT${value / 1000}S`,
  (value) => `${Math.floor(value / 60_000)}m${(value % 60_000) / 1000}s`,
  (value) => `${Math.floor(value / 60_000)} min ${(value % 60_000) / 1000} sec`,
  (value) => `${Math.floor(value / 60_000)}:${((value % 60_000) / 1000).toFixed(3).padStart(6, '0')}`,
  (value) => `${value.toExponential()} ms`,
  (value) => `${value.toLocaleString('en-US')}.0 ms`,
  (value) => `${value.toLocaleString('de-DE')},0 ms`,
  (value) => `${value.toLocaleString('fr-FR')} ms`,
]

test('however a length is written, it is read as that length', () => {
  const random = new Random(1)
  for (let i = 0; i < 1000; i++) {
    const value = random.below(random.pick([10, 1000, 100_000, 10_000_000]))
    for (const write of WRITERS) expect(ms(write(value)), write(value)).toBeCloseTo(value, 6)
  }
})

test('nothing of what is written is left out: another digit is another value or none', () => {
  const random = new Random(2)
  const parts = [
    '1',
    '2',
    '30',
    '.',
    ',',
    ':',
    ' ',
    's',
    'ms',
    'm',
    'min',
    'h',
    'PT',
    'S',
    'e3',
    '+',
    '-',
    'about ',
    "'",
    '000',
    'and ',
    '0',
  ]
  let readable = 0
  for (let i = 0; i < 40_000; i++) {
    const text = Array.from({ length: 1 + random.below(7) }, () => random.pick(parts)).join('')
    const value = ms(text)
    if (typeof value !== 'number') continue
    readable++
    for (const { index } of text.matchAll(/\d/g)) {
      const other = `${text.slice(0, index)}${(Number(text[index]) + 1) % 10}${text.slice(index + 1)}`
      const changed = ms(other)
      // Nothing is larger by nothing, and zero times ten is zero.
      const vain = value === 0 || /e|(^|\D)0/.test(text.slice(0, index + 1))
      if (!vain) expect(changed, `${text} and ${other}`).not.toBe(value)
    }
  }
  expect(readable).toBeGreaterThan(500)
})
