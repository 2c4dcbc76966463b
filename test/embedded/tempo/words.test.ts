import { expect, test } from 'vitest'
import { createParser } from '../../../src/embedded/tempo/traceql/parse.ts'
import { validate } from '../../../src/embedded/tempo/traceql/validate.ts'

const parse = createParser()

/** What Tempo 3.0.3 says, which stack/compose.yaml pins; undefined where it takes the query. */
function said(query: string): string | undefined {
  try {
    return validate(parse(query))
  } catch (error) {
    return (error as Error).message
  }
}

test.each([
  // Arithmetic over metrics is newer.
  ['({} | rate()) * 100', 'parse error at line 1, col 7: syntax error: unexpected rate'],
  ['({} | rate()) > 10', 'parse error at line 1, col 7: syntax error: unexpected rate'],
  ['100 * ({} | rate())', 'parse error at line 1, col 8: syntax error: unexpected {'],
  ['{} | rate() * 100', 'parse error at line 1, col 13: syntax error: unexpected *, expecting with'],
  ['{} | rate() > 10', undefined],
  ['{} | rate() > -1.5 | topk(3)', undefined],
  ['{} | rate() > 1 / 2', 'parse error at line 1, col 17: syntax error: unexpected /, expecting with'],
  ['3 = 2', 'scalar filter lhs of type (%v) not yet supported'],
  ['min(span:childCount) < 2 / 6', 'scalar filter rhs of type (%v) not yet supported'],
  ['min(span:childCount) < -2', undefined],
])('%s: %s', (query, words) => {
  expect(said(query)).toBe(words)
})
