import { describe, expect, it } from 'vitest'
import { formatBytes, parseBytes } from '../../src/util/bytes.ts'
import { formatDuration, parseDuration } from '../../src/util/duration.ts'

describe('parseDuration', () => {
  it.each([
    ['0', 0],
    ['1h30m', 5_400_000],
    ['250ms', 250],
    ['1.5s', 1500],
    ['-2s', -2000],
    ['+.5m', 30_000],
    ['10us', 0.01],
    ['10µs', 0.01],
    ['1ns', 1e-6],
  ])('reads %s', (text, ms) => expect(parseDuration(text)).toBe(ms))

  it.each(['', '5', 's', '5x', '1 s', '1s ', '1d', '.s', 'abc', '--1s'])('refuses %j', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })
})

it('formats durations as Go does', () => {
  const told = [0, 1e-6, 0.01, 1.5, 250, 1500, 60_000, 5_400_000, -2000, 3_600_000].map(formatDuration)
  expect(told).toEqual(['0s', '1ns', '10µs', '1.5ms', '250ms', '1.5s', '1m0s', '1h30m0s', '-2s', '1h0m0s'])
})

it('reads and writes sizes', () => {
  expect(['512', '4MiB', '1.5 GB', '2kb', 'x', '1 XB'].map(parseBytes)).toEqual([
    512,
    4_194_304,
    1_500_000_000,
    2000,
    undefined,
    undefined,
  ])
  expect([0, 512, 1536, 4_194_304, 157_286_400].map(formatBytes)).toEqual([
    '0 B',
    '512 B',
    '1.5 KiB',
    '4 MiB',
    '150 MiB',
  ])
})
