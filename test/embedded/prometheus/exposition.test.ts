import { expect, test } from 'vitest'
import type { ExpositionSink } from '../../../src/embedded/prometheus/exposition/entries.ts'
import { parseExposition } from '../../../src/embedded/prometheus/exposition/parse.ts'
import { checkOpenMetrics } from '../../../src/embedded/prometheus/exposition/strict.ts'

const OPENMETRICS = 'application/openmetrics-text; version=1.0.0; charset=utf-8'

function read(page: string | Uint8Array, contentType: string) {
  const seen: unknown[] = []
  const sink: ExpositionSink = {
    sample: (series, labels, value, time, exemplar) => seen.push([series, labels, value, time, exemplar]),
    type: (name, type) => seen.push(['TYPE', name, type]),
    help: (name, text) => seen.push(['HELP', name, text]),
    unit: (name, unit) => seen.push(['UNIT', name, unit]),
  }
  parseExposition(typeof page === 'string' ? Buffer.from(page) : page, contentType, sink)
  return seen
}

test('OpenMetrics: metadata, exemplars, seconds, canonical bounds, quoted names', () => {
  const page = [
    '# HELP d_seconds how \\"long\\"\\n',
    '# TYPE d_seconds histogram',
    '# UNIT d_seconds seconds',
    'd_seconds_bucket{le="1"} 3 1700000000.5 # {trace_id="ab"} 0.5 1700000000.25',
    '{"my.metric",x="a\\\\b"} NaN',
    '# EOF',
  ].join('\n')
  expect(read(page, OPENMETRICS)).toEqual([
    ['HELP', 'd_seconds', 'how "long"\n'],
    ['TYPE', 'd_seconds', 'histogram'],
    ['UNIT', 'd_seconds', 'seconds'],
    [
      'd_seconds_bucket{le="1"}',
      ['__name__', 'd_seconds_bucket', 'le', '1.0'],
      3,
      1700000000500,
      { labels: ['trace_id', 'ab'], value: 0.5, timestampMs: 1700000000250 },
    ],
    ['{"my.metric",x="a\\\\b"}', ['__name__', 'my.metric', 'x', 'a\\b'], Number.NaN, undefined, undefined],
  ])
})

test('Prometheus text: comments, blanks, milliseconds', () => {
  expect(read('# a comment\n\n  up { a = "1" , b="2", } 1 -5\nx +Inf', 'text/plain')).toEqual([
    ['up { a = "1" , b="2", }', ['__name__', 'up', 'a', '1', 'b', '2'], 1, -5, undefined],
    ['x', ['__name__', 'x'], Number.POSITIVE_INFINITY, undefined, undefined],
  ])
})

test.each([
  ['a', 'text/plain', 'expected value after metric, got "\\n" ("INVALID") while parsing: "a\\n"'],
  ['a 1_0', 'text/plain', 'unsupported character in float while parsing: "a 1_0"'],
  ['{a="b"} 1', 'text/plain', 'metric name not set'],
  [Buffer.from([...Buffer.from('a{b="'), 0xff, ...Buffer.from('"} 1\n')]), 'text/plain', 'invalid UTF-8 label value'],
  ['a 1\n', OPENMETRICS, 'data does not end with # EOF'],
  ['a 1\n', 'text/html', 'received unsupported Content-Type "text/html"'],
  ['a 1\n', '', 'blank Content-Type'],
])('%s as %s is refused', (page, contentType, message) => {
  expect(() => read(page, contentType)).toThrow(message)
})

test.each([
  ['# TYPE a histogram\na_bucket{le="1"} 2\na_bucket{le="+Inf"} 1\n', 'counts that fall'],
  ['# TYPE a counter\na_total 1\n# TYPE b gauge\nb 1\n# HELP a late\n', 'in two places'],
  ['# TYPE a_total gauge\n# TYPE a counter\n', 'belongs to two families'],
  ['# TYPE a gauge\na 1 # {x="y"} 1\n', 'no exemplar'],
  ['# TYPE a summary\na{quantile="1.5"} 1\n', 'quantile="1.5"'],
])('the strict check refuses %s', (page, message) => {
  expect(() => checkOpenMetrics(Buffer.from(`${page}# EOF\n`))).toThrow(message)
})

test('the strict check passes a good page', () => {
  checkOpenMetrics(
    Buffer.from(
      '# TYPE a counter\na_total{x="1"} 1 # {t="u"} 1\na_created{x="1"} 1\na_total{x="2"} 1\n# TYPE h histogram\nh_bucket{le="+Inf"} 2\nh_count 2\nh_sum 3\n# EOF\n',
    ),
  )
})
