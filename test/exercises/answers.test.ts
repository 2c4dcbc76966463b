import { expect, test } from 'vitest'
import { readDuration, readMoment } from '../../src/exercises/answers.ts'

test.each([
  ['1.2s', 1200, true],
  ['1200ms', 1200, true],
  ['1200 ms', 1200, true],
  ['1,2 s', 1200, true],
  ['about 1.2 seconds', 1200, true],
  ['~1.2 sec', 1200, true],
  ['1m2s', 62_000, true],
  ['real 0m1.200s', 1200, true],
  ['0:01.2'.replace('01.2', '01'), 1000, true],
  ['1.2', 1200, false],
  ['2 minutes', 120_000, true],
])('the duration %s is %i ms', (text, ms, unit) => {
  expect(readDuration(text)).toEqual({ ms, unit })
})

test.each(['', 'soon', '-1s', '1.2.3s', 's', '12 parsecs'])('%j is no duration', (text) => {
  expect(readDuration(text)).toBeUndefined()
})

test('a moment is a time of day, a timestamp, or counted from the start', () => {
  const since = new Date(2026, 0, 31, 14, 3, 20).getTime()
  for (const text of [
    '14:03:27',
    'at 14:03:27',
    '7s',
    '7000 ms',
    'after 7 s',
    '+7s',
    new Date(since + 7000).toISOString(),
  ]) {
    expect(readMoment(text, { since })).toBe(since + 7000)
  }
  expect(readMoment('14:03:27.5', { since })).toBe(since + 7500)
  expect(readMoment('later', { since })).toBeUndefined()
  const midnight = new Date(2026, 0, 31, 23, 59, 59).getTime()
  expect(readMoment('00:00:02', { since: midnight })).toBe(midnight + 3000)
})
