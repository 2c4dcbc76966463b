import { expect, test } from 'vitest'
import { through } from './support.ts'

const parsed = (query: string, line: string, labels = {}, metadata = {}) =>
  through(query, line, labels, metadata)?.labels

test('json makes labels of fields, of nested ones too, and keeps what came before a fault', () => {
  const line = '{"a":"x\\n\\u00e9","n":1.50,"b":true,"nil":null,"list":[1],"o":{"p":{"q-r":2}},"7up":"z"}'
  expect(parsed('{x="y"} | json', line)).toEqual({ a: 'x\né', n: '1.50', b: 'true', o_p_q_r: '2', _7up: 'z' })
  expect(parsed('{x="y"} | json', '{"a":"1","b":"2')).toEqual({
    a: '1',
    __error__: 'JSONParserErr',
    __error_details__: "Value is string, but can't find closing '\"' symbol",
  })
})

test('a name that the stream or the metadata has gets the suffix', () => {
  expect(parsed('{x="y"} | json', '{"app":"b","pod":"c"}', { app: 'a' }, { pod: 'p' })).toEqual({
    app: 'a',
    app_extracted: 'b',
    pod: 'p',
    pod_extracted: 'c',
  })
})

test('of a key that comes twice the first is taken', () => {
  expect(parsed('{x="y"} | logfmt', 'a=1 a=2')).toEqual({ a: '1' })
})

test('json expressions pick values', () => {
  const line = '{"a":{"b":[{"c":"d"},2]},"k k":"v"}'
  expect(parsed('{x="y"} | json c="a.b[0].c", n="a.b[1]", o="a.b[0]", k="[\\"k k\\"]", no="a.z"', line)).toEqual({
    c: 'd',
    n: '2',
    o: '{"c":"d"}',
    k: 'v',
    no: '',
  })
})

test('logfmt is lenient unless strict', () => {
  const line = 'a=1 b="two \\"2\\"" c= d =e f="unterminated'
  expect(parsed('{x="y"} | logfmt', line)).toEqual({ a: '1', b: 'two "2"' })
  expect(parsed('{x="y"} | logfmt --keep-empty', 'a= b')).toEqual({ a: '', b: '' })
  expect(parsed('{x="y"} | logfmt --strict', line)?.__error__).toBe('LogfmtParserErr')
  expect(parsed('{x="y"} | logfmt z="b"', line)).toEqual({ z: 'two "2"' })
})

test('regexp, pattern and unpack', () => {
  expect(parsed('{x="y"} | regexp "(?P<m>[A-Z]+) (?P<p>\\\\S+)"', 'GET /a b')).toEqual({ m: 'GET', p: '/a' })
  expect(parsed('{x="y"} | pattern "<ip> - <_> [<t>] <rest>"', '1.2.3.4 - bob [now] GET /')).toEqual({
    ip: '1.2.3.4',
    t: 'now',
    rest: 'GET /',
  })
  expect(through('{x="y"} | unpack', '{"app":"a","_entry":"the line"}', {})).toEqual({
    line: 'the line',
    labels: { app: 'a' },
  })
})

test.each([
  ['|= "b" or "z"', true],
  ['!= "b" or "z"', false],
  ['|~ "^a.c$"', true],
  ['|~ "(?i)ABC"', true],
  ['!~ "b+"', false],
  ['|> "a<_>"', true],
  ['|> "b<_>c"', false],
])('line filter %s', (filter, passes) => {
  expect(through(`{x="y"} ${filter}`, 'abc') !== undefined).toBe(passes)
})

test.each([
  ['10.0.0.0/8', 'from 10.1.2.3:80', true],
  ['10.0.0.1-10.0.0.9', 'from 10.0.0.10', false],
  ['2001:db8::/32', 'host 2001:db8:1::7 ok', true],
  ['::1', 'at ::1', true],
])('ip(%s) in %s', (pattern, line, found) => {
  expect(through(`{x="y"} |= ip("${pattern}")`, line) !== undefined).toBe(found)
  expect(through(`{x="y"} != ip("${pattern}")`, line) !== undefined).toBe(!found)
})

test.each([
  ['status >= 500', true],
  ['status == 503.0', true],
  ['took > 1s and took < 1m30s', true],
  ['size > 2KiB', true],
  ['size < 1KB or status=503', true],
  ['missing > 1', false],
  ['missing = ""', true],
  ['level =~ "err|warn"', true],
  ['addr = ip("10.0.0.0/8")', true],
  ['addr != ip("10.0.0.0/8")', false],
])('label filter %s', (filter, passes) => {
  const line = 'status=503 took=1m2s size=3kB level=warn addr=10.9.8.7'
  expect(through(`{x="y"} | logfmt | ${filter}`, line) !== undefined).toBe(passes)
})

test('a label that cannot be compared keeps the line, with the error', () => {
  expect(parsed('{x="y"} | logfmt | took > 1s', 'took=soon')).toEqual({
    took: 'soon',
    __error__: 'LabelFilterErr',
    __error_details__: 'time: invalid duration "soon"',
  })
  expect(through('{x="y"} | logfmt | took > 1s | __error__=""', 'took=soon')).toBeUndefined()
  expect(parsed('{x="y"} | logfmt | took > 1s | drop __error__, __error_details__', 'took=soon')).toEqual({
    took: 'soon',
  })
})

test('drop, keep, label_format, decolorize', () => {
  expect(parsed('{x="y"} | logfmt | drop a, b="2"', 'a=1 b=3 c=4')).toEqual({ b: '3', c: '4' })
  expect(parsed('{x="y"} | logfmt | keep a, c="5"', 'a=1 b=3 c=4', { app: 'x' })).toEqual({ a: '1' })
  expect(parsed('{x="y"} | logfmt | label_format z=a, b="{{.b}}{{.c}}"', 'a=1 b=3 c=4')).toEqual({
    z: '1',
    b: '34',
    c: '4',
  })
  expect(through('{x="y"} | decolorize', '\u001b[31mred\u001b[0m')?.line).toBe('red')
})

test('a line filter behind a parser sees the line first, behind a line_format the new line', () => {
  expect(parsed('{x="y"} | json |= "ok"', 'ok no json')?.__error__).toBe('JSONParserErr')
  expect(through('{x="y"} | logfmt | line_format "{{.a}}" |= "a="', 'a=1')).toBeUndefined()
})

test('colours and expressions that are made to be slow are not', () => {
  const started = performance.now()
  through('{x="y"} | decolorize', `\u001b[${';'.repeat(100_000)}`)
  through('{x="y"} |~ "(a+)+$"', `${'a'.repeat(100_000)}b`)
  through('{x="y"} | regexp "(?P<g>(a|aa)+)$"', `${'a'.repeat(10_000)}b`)
  through('{x="y"} | json', '{"a":'.repeat(50_000))
  expect(performance.now() - started).toBeLessThan(5000)
})
