import { describe, expect, test } from 'vitest'
import { anchoredRegexp, anchoredReplacer } from '../../../src/embedded/series/regexp.ts'

describe('a pattern must match the whole text', () => {
  test.each([
    ['a|bc', ['a', 'bc'], ['b', 'abc', '']],
    ['up.*', ['up', 'upper\nline'], ['sup']],
    ['.+x', ['ax', 'xx'], ['x']],
    ['.*mid.*', ['mid', 'amidst'], ['m id']],
    ['h[0-9]+\\.net', ['h12.net'], ['h12xnet', 'h.net']],
    ['(?i)GET|post', ['get', 'POST'], ['gets']],
    ['', [''], ['a']],
  ])('%j', (pattern, passing, failing) => {
    const { matches } = anchoredRegexp(pattern)
    for (const text of passing) expect(matches(text), text).toBe(true)
    for (const text of failing) expect(matches(text), text).toBe(false)
  })
})

test('what is not valid is told in Go’s words', () => {
  expect(() => anchoredRegexp('a(')).toThrow('error parsing regexp: missing closing ): `a(`')
  expect(() => anchoredRegexp('*')).toThrow('error parsing regexp: missing argument to repetition operator: `*`')
  expect(() => anchoredRegexp('(?=a)')).toThrow('error parsing regexp')
})

test('a pattern made to be slow takes linear time, and one that meets too much is stopped', () => {
  const { matches } = anchoredRegexp('(a+)+b')
  const started = performance.now()
  expect(matches('a'.repeat(20_000))).toBe(false)
  expect(performance.now() - started).toBeLessThan(2000)
  const greedy = anchoredRegexp('(a?){500}a{500}')
  expect(() => {
    for (let i = 0; i < 100_000; i++) greedy.matches('a'.repeat(100) + i)
  }).toThrow('takes too long')
  expect(() => anchoredRegexp('a.'.repeat(10_000))).toThrow('expression too large')
})

test('a replacement is filled from the match', () => {
  const replace = anchoredReplacer('(?P<host>[^:]+):(\\d+)')
  expect(replace('a:90', '$2-${host}-$1x-$$-$9')).toBe('90-a--$-')
  expect(replace('a', '$1')).toBeUndefined()
})
