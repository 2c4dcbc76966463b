import { expect, test } from 'vitest'
import { createParser, MAX_QUERY_BYTES } from '../../../../src/embedded/loki/logql/parse.ts'
import { printExpression } from '../../../../src/embedded/loki/logql/print.ts'
import { QueryError } from '../../../../src/errors.ts'
import { logql } from './support.ts'

const parse = createParser()

function faultOf(query: string): QueryError {
  try {
    parse(query)
  } catch (error) {
    if (error instanceof QueryError) return error
    throw error
  }
  throw new Error(`parses: ${query}`)
}

test.each([
  ['{app="x"', 'parse error at line 1, col 9: syntax error: unexpected $end, expecting } or ,', 8],
  ['{app="x"} |= 5', 'parse error at line 1, col 14: syntax error: unexpected NUMBER, expecting STRING or ip', 13],
  [
    'sum(rate({app="x"}[5m])) by app',
    'parse error at line 1, col 29: syntax error: unexpected IDENTIFIER, expecting (',
    28,
  ],
  ['rate({app="x"}[5x])', 'parse error at line 0, col 15: unknown unit "x" in duration "5x"', 14],
  ['rate({app="x"}[5m)', "parse error at line 0, col 15: missing closing ']' in duration", 14],
  ['rate({app="x"}[5minutes])', 'parse error at line 0, col 15: unknown unit "minutes" in duration "5minutes"', 14],
  ['{app="x"} 5m', 'parse error at line 0, col 11: syntax error: unexpected DURATION', 10],
  [
    '{app="x"} | regexp "(?P<a>.)(?P<a>.)"',
    "parse error : invalid regexp parser: duplicate extracted label name 'a'",
    12,
  ],
  ['{app="x}', 'parse error at line 1, col 6: literal not terminated', 5],
  ['{app=~"("}', 'parse error : error parsing regexp: missing closing ): `(`', 1],
  ['{app=~".*"}', 'parse error : queries require at least one regexp or equality matcher', 0],
  ['topk(0, rate({app="x"}[5m]))', 'parse error : invalid parameter (must be greater than 0) topk(0', 0],
  ['{app="x"}\n| json\n| status >', 'parse error at line 3, col 11: syntax error: unexpected $end', 27],
  ['', 'parse error : syntax error: unexpected $end', 0],
])('%s is refused at the place', (query, message, position) => {
  const fault = faultOf(query)
  expect(fault.message).toContain(message)
  expect(fault.position).toBe(position)
})

test.each([
  ['count_over_time({ app="x", env!~"p.*" }[5m])', 'count_over_time({app="x", env!~"p.*"}[5m])'],
  [
    'sum by(a,b) (rate(({app="x"} |="e" | json)[1h] offset -5m))',
    'sum by (a,b)(rate({app="x"} |= "e" | json[1h] offset -5m0s))',
  ],
  ['1 + 2 * 3 ^ 2 > bool 5', '1'],
  ['{app="x"} | a=1 or b="c" and d>1s, e<5KB', '{app="x"} | ( a==1 or ( b="c" , ( d>1s , e<5.0kB ) ) )'],
  ['{app="x"} != "a" or "b" |~ "c" or "d"', '{app="x"} != "a" != "b" |~ "c" or "d"'],
  [
    'sum_over_time({app="x"} | unwrap bytes(size) | __error__="" [1m])',
    'sum_over_time({app="x"} | unwrap bytes(size) | __error__=""[1m])',
  ],
  [
    '{app="x"} # a comment\n| logfmt --strict a="b", c // another\n| drop x, y="z"',
    '{app="x"} | logfmt --strict a="b",c="c" | drop x,y="z"',
  ],
  ['RATE({app="x"}[1m]) ON (a) GROUP_LEFT (b) rate({app="y"}[1m])', undefined],
])('%s is printed in canonical form, and that is read the same', (query, printed) => {
  if (printed === undefined) {
    expect(() => parse(query)).toThrow(QueryError)
    return
  }
  expect(printExpression(parse(query))).toBe(printed)
  expect(printExpression(parse(printed))).toBe(printed)
})

test('keywords are names where no arguments follow', () => {
  expect(printExpression(parse('{rate="x"} | logfmt | sum="a", max>5'))).toBe(
    '{rate="x"} | logfmt | ( sum="a" , max>5 )',
  )
})

test('what no stage can be made of is refused with the stage', () => {
  expect(() => logql.parse('{app="x"} | line_format "{{.a"')).toThrow(
    'parse error : stage \'| line_format "{{.a"\' : invalid line template: template: line:1: unclosed action',
  )
  expect(() => logql.parse('{app="x"} |= ip("nonsense")')).toThrow('ip: invalid pattern: "nonsense"')
  expect(() => logql.parse('{app="x"} | json a="b.."')).toThrow('cannot parse expression [b..]')
})

test('long queries, deep ones and many operators are refused or read quickly', () => {
  const started = performance.now()
  expect(faultOf(`{app="${'x'.repeat(1_000_000)}"}`).message).toContain('input size too long')
  expect(faultOf(`{app="x"}${' |= "a"'.repeat(MAX_QUERY_BYTES)}`).message).toContain('input size too long')
  expect(faultOf(`${'sum('.repeat(5000)}rate({app="x"}[1m])${')'.repeat(5000)}`).message).toContain('nested more than')
  expect(faultOf(`rate({app="x"}[1m])${' + vector(1)'.repeat(5000)}`).message).toContain('nested more than')
  expect(parse(`${'('.repeat(900)}1${')'.repeat(900)}`)).toEqual({ node: 'literal', value: 1 })
  expect(performance.now() - started).toBeLessThan(5000)
})

test('a long query is laid out over lines', () => {
  const query =
    'sum by (level) (count_over_time({app="x", namespace="a-long-one"} |= "error" | json | status >= 500 [5m]))'
  expect(logql.format(query)).toBe(
    [
      'sum by (level)(',
      '  count_over_time({app="x", namespace="a-long-one"} |= "error" | json | status>=500[5m])',
      ')',
    ].join('\n'),
  )
})
