import { describe, expect, test } from 'vitest'
import { parseExpr, parseSelector } from '../../../../src/embedded/prometheus/promql/parse.ts'
import { lineAndColumn } from '../../../../src/embedded/prometheus/promql/position.ts'
import { prettify } from '../../../../src/embedded/prometheus/promql/pretty.ts'
import { print } from '../../../../src/embedded/prometheus/promql/print.ts'
import { QueryError } from '../../../../src/errors.ts'

/** What the API says to a query that cannot be read. */
function fault(query: string): string {
  try {
    parseExpr(query)
  } catch (error) {
    if (error instanceof QueryError) return `${lineAndColumn(error.query, error.position)}: ${error.message}`
    throw error
  }
  throw new Error(`${query} parses`)
}

describe('operators', () => {
  const shape = (query: string): string => {
    const wrap = (expr: ReturnType<typeof parseExpr>): string =>
      expr.kind === 'binary' ? `(${wrap(expr.left)}${expr.op}${wrap(expr.right)})` : print(expr)
    return wrap(parseExpr(query))
  }

  test('bind as in arithmetic, powers to the right, comparisons before sets', () => {
    expect(shape('a + b * c ^ d ^ e')).toBe('(a+(b*(c^(d^e))))')
    expect(shape('a - b - c')).toBe('((a-b)-c)')
    expect(shape('a or b and c == d')).toBe('(aor(band(c==d)))')
  })

  test('bind looser than modifiers, and a sign looser than a power', () => {
    expect(shape('a / b offset 5m')).toBe('(a/b offset 5m)')
    expect(shape('a * b @ 10')).toBe('(a*b @ 10.000)')
    expect(print(parseExpr('-a ^ b'))).toBe('-a ^ b')
    expect(parseExpr('-a ^ b').kind).toBe('unary')
    expect(parseExpr('-a * b').kind).toBe('binary')
    expect(shape('foo offset 5m ^ 2')).toBe('(foo offset 5m^2)')
  })
})

test('keywords name metrics and labels where those are expected', () => {
  expect(print(parseExpr('sum by (on, offset) (sum{by="x"})'))).toBe('sum by (on, offset) (sum{by="x"})')
  expect(print(parseExpr('fill + max_of'))).toBe('fill + max_of')
})

test('quoted names, escapes and raw strings', () => {
  expect(print(parseExpr('{"http.status", "a b"="\\u00fc\\x41\\101"}'))).toBe('{"a b"="üAA",__name__="http.status"}')
  expect(print(parseExpr('{`x`=`a\\d`}'))).toBe('{x="a\\\\d"}')
})

test.each([
  ['', 'unknown position: parse error: no expression found in input'],
  ['sum(foo', '1:8: parse error: unclosed left parenthesis'],
  ['foo)', "1:5: parse error: unexpected right parenthesis ')'"],
  ['foo[5m', '1:7: parse error: unclosed left bracket'],
  ['foo[5m1]', '1:5: parse error: bad number or duration syntax: "5m1"'],
  ['foo[5minutes]', '1:5: parse error: bad number or duration syntax: "5mi"'],
  ['5y1hs', '1:1: parse error: unknown unit "hs" in duration "5y1hs"'],
  ['foo[1.5h]', '1:5: parse error: unknown unit "." in duration "1.5h"'],
  [
    '9'.repeat(310),
    `1:1: parse error: error parsing number: strconv.ParseFloat: parsing "${'9'.repeat(310)}": value out of range`,
  ],
  ['sum by ("\\xff") (foo)', '1:9: parse error: invalid label name for grouping: "\\xff"'],
  ['foo{a="b"', '1:10: parse error: unexpected end of input inside braces'],
  ['foo{a b}', '1:7: parse error: unexpected identifier "b" in label matching, expected label matching operator'],
  ['foo{a="b" c}', '1:11: parse error: unexpected identifier "c" in label matching, expected "," or "}"'],
  ['foo{=}', '1:5: parse error: unexpected "=" in label matching, expected identifier or "}"'],
  ['foo bar', '1:5: parse error: unexpected identifier "bar"'],
  ['sum(foo bar)', '1:9: parse error: unexpected identifier "bar" in aggregation'],
  ['sum by foo (x)', '1:8: parse error: unexpected identifier "foo" in grouping opts, expected "("'],
  [
    'foo offset bar',
    '1:12: parse error: unexpected identifier "bar" in offset, expected number, duration, step(), or range()',
  ],
  ['foo @ bar', '1:7: parse error: unexpected identifier "bar" in @, expected timestamp'],
  ['rate(foo)', '1:6: parse error: expected type range vector in call to function "rate", got instant vector'],
  ['nosuch(foo)', '1:1: parse error: unknown function with name "nosuch"'],
  ['info(foo)', '1:1: parse error: function "info" is not enabled'],
  [
    'limitk(1, foo)',
    '1:1: parse error: limitk() is experimental and must be enabled with --enable-feature=promql-experimental-functions',
  ],
  ['foo + fill(0) bar', '1:1: parse error: binop fill modifiers are experimental and not enabled'],
  ['foo[5m + 1m]', '1:5: parse error: experimental duration expression is not enabled'],
  ['foo[5m] smoothed', '1:1: parse error: smoothed modifier is experimental and not enabled'],
  ['1 < 2', '1:3: parse error: comparisons between scalars must use BOOL modifier'],
  ['foo + bool bar', '1:5: parse error: bool modifier can only be used on comparison operators'],
  ['foo and 1', '1:1: parse error: set operator "and" not allowed in binary scalar expression'],
  ['a / on(x) group_left(x) b', '1:3: parse error: label "x" must not occur in ON and GROUP clause at once'],
  ['{a=~".*"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
  ['foo{a=~"("}', '1:5: parse error: error parsing regexp: missing closing ): `(`'],
  ['foo[0s]', '1:5: parse error: duration must be greater than 0'],
  ['foo offset 1m offset 2m', '1:1: parse error: offset may not be set multiple times'],
  ['foo\n  + ~', "2:5: parse error: unexpected character: '~'"],
  ['{"ü"} + ~', "1:10: parse error: unexpected character: '~'"],
  ['round(foo, 1, 2)', '1:1: parse error: expected at most 2 argument(s) in call to "round", got 3'],
])('%j is refused: %s', (query, message) => {
  expect(fault(query)).toBe(message)
})

test('prints what it read, and reads what it printed', () => {
  const queries = [
    'sum without (a) (rate(foo{b!~"c"}[5m] offset 1m))',
    'a / on (x) group_left (y) b > bool 5',
    'max_over_time(rate(x[2m])[10m:30s] @ end() offset -1m)',
    'topk(3, foo) unless ignoring (z) bar or vector(1)',
    'count_values("v", foo) atan2 -bar ^ +Inf',
  ]
  for (const query of queries) {
    const printed = print(parseExpr(query))
    expect(print(parseExpr(printed))).toBe(printed)
  }
})

test('what is too long for a line is split where it branches', () => {
  const long = `sum by (job) (rate(${'x'.repeat(60)}_total{instance="${'y'.repeat(30)}"}[5m]))`
  expect(prettify(parseExpr(long)).split('\n')).toEqual([
    'sum by (job) (',
    '  rate(',
    expect.stringMatching(/^ {4}x+_total\{instance="y+"\}\[5m\]$/),
    '  )',
    ')',
  ])
  expect(prettify(parseExpr('a+b'))).toBe('a + b')
})

test('a selector for match[] takes no modifiers', () => {
  expect(parseSelector('up{job="x"}').map((m) => m.name)).toEqual(['job', '__name__'])
  expect(() => parseSelector('up[5m]')).toThrow('unexpected "["')
  expect(() => parseSelector('up + up')).toThrow('unexpected <op:+>')
})

describe('size', () => {
  test.each([
    ['a million characters', 'a'.repeat(1_000_000), 'longer than'],
    ['a million parentheses', '('.repeat(100_000), 'nested deeper'],
    ['a chain of operators', `1${'+1'.repeat(50_000)}`, 'chain of more than'],
    ['signs', '-'.repeat(100_000), 'nested deeper'],
  ])('%s: refused at once', (_, query, message) => {
    const started = performance.now()
    expect(() => parseExpr(query)).toThrow(message)
    expect(performance.now() - started).toBeLessThan(500)
  })
})
