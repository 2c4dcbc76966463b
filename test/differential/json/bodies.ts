import type { Signal } from '../../../src/otlp/types.ts'

export interface Body {
  signal: Signal
  text: string
}

const span = (rest: string) =>
  `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"x"${rest && `,${rest}`}}]}]}]}`
const log = (rest: string) =>
  `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityText":"x"${rest && `,${rest}`}}]}]}]}`
const metric = (rest: string) =>
  `{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"x"${rest && `,${rest}`}}]}]}]}`
const point = (rest: string) => metric(`"gauge":{"dataPoints":[{"timeUnixNano":"5"${rest && `,${rest}`}}]}`)
const value = (text: string) => span(`"attributes":[{"key":"a","value":${text}}]`)

const INTEGERS = [
  '0',
  '1',
  '-1',
  '"0"',
  '"1"',
  '"-1"',
  '"+1"',
  '" 1"',
  '"1 "',
  '""',
  'null',
  'true',
  '{}',
  '[]',
  '1.0',
  '1.5',
  '1e3',
  '"1.5"',
  '"1e3"',
  '9007199254740993',
  '"9007199254740993"',
  '1790000000000000001',
  '9223372036854775807',
  '9223372036854775808',
  '"9223372036854775808"',
  '18446744073709551615',
  '"18446744073709551615"',
  '18446744073709551616',
  '"99999999999999999999"',
  '99999999999999999999',
  '-9223372036854775808',
  '-9223372036854775809',
  '4294967295',
  '4294967296',
  '01',
]
const DOUBLES = [
  '1',
  '1.5',
  '-1e300',
  '"1.5"',
  '"Infinity"',
  '"-Infinity"',
  '"inf"',
  '""',
  'null',
  '"x"',
  'true',
  '1e400',
  '"1e400"',
  '12345678901234567890',
  '"12345678901234567890"',
  '0.12345678901234567890',
  '"0x1p-2"',
  '"1_0"',
]
const ENUMS = [
  '0',
  '1',
  '9',
  '99',
  '-1',
  '"9"',
  '"SPAN_KIND_SERVER"',
  '"SEVERITY_NUMBER_INFO"',
  '"STATUS_CODE_ERROR"',
  '"AGGREGATION_TEMPORALITY_DELTA"',
  '"nope"',
  '""',
  'null',
  '1.5',
  'true',
]
const BYTES = ['"aGk="', '"aGk"', '"aG k="', '"aGk=\\n"', '"!!!!"', '""', 'null', '1', '"aGl="', '"-_-_"', '"aGk=aGk="']
const IDS = [
  '"5b8efff798038103d269b633813fc60c"',
  '"5B8EFFF798038103D269B633813FC60C"',
  '"5b8e"',
  '""',
  'null',
  '1',
  '"zz8efff798038103d269b633813fc60c"',
  '"00000000000000000000000000000000"',
]
const TEXTS = ['"x"', '""', 'null', '1', 'true', '{}', '1790000000000000001', '"\\u00e9"']
const BOOLS = ['true', 'false', 'null', '"true"', '1', '0']

export function bodies(): Body[] {
  const list: Body[] = []
  const add = (signal: Signal, texts: string[]) => list.push(...texts.map((text) => ({ signal, text })))
  add('traces', [
    '{}',
    'null',
    '[]',
    '1',
    '',
    '{',
    '{"resourceSpans":null}',
    '{"resourceSpans":{}}',
    '{"resourceSpans":[null]}',
    '{"resourceSpans":"x"}',
  ])
  add('traces', [
    '{"resourceSpans":[{"scopeSpans":[{"spans":[null]}]}]}',
    '{"resourceSpans":[{"resource":null,"scopeSpans":[{"scope":null,"spans":[{}]}]}]}',
  ])
  add(
    'traces',
    INTEGERS.flatMap((n) => [
      span(`"startTimeUnixNano":${n}`),
      span(`"end_time_unix_nano":${n}`),
      value(`{"intValue":${n}}`),
      span(`"flags":${n}`),
      span(`"droppedEventsCount":${n}`),
    ]),
  )
  add(
    'traces',
    ENUMS.flatMap((n) => [span(`"kind":${n}`), span(`"status":{"code":${n}}`)]),
  )
  add(
    'traces',
    DOUBLES.map((n) => value(`{"doubleValue":${n}}`)),
  )
  add(
    'traces',
    BYTES.map((n) => value(`{"bytesValue":${n}}`)),
  )
  add(
    'traces',
    IDS.flatMap((n) => [span(`"traceId":${n}`), span(`"parentSpanId":${n}`), span(`"links":[{"traceId":${n}}]`)]),
  )
  add(
    'traces',
    TEXTS.flatMap((n) => [
      span(`"name":${n}`),
      value(`{"stringValue":${n}}`),
      span(`"bogus":${n}`),
      span(`"traceState":${n}`),
    ]),
  )
  add(
    'traces',
    BOOLS.map((n) => value(`{"boolValue":${n}}`)),
  )
  add(
    'traces',
    [
      '{}',
      'null',
      '{"arrayValue":{}}',
      '{"arrayValue":{"values":null}}',
      '{"arrayValue":null}',
      '{"kvlistValue":{"values":[{"key":"k","value":{"intValue":1790000000000000001}}]}}',
      '{"arrayValue":{"values":[{},null]}}',
      '"x"',
      '1',
    ].map(value),
  )
  add(
    'logs',
    ENUMS.map((n) => log(`"severityNumber":${n}`)),
  )
  add(
    'logs',
    INTEGERS.flatMap((n) => [log(`"timeUnixNano":${n}`), log(`"observedTimeUnixNano":${n}`)]),
  )
  add(
    'logs',
    [
      '"body":{}',
      '"body":null',
      '"body":{"stringValue":""}',
      '"body":{"intValue":5}',
      '"event_name":"x"',
      '"body":"x"',
      '',
    ].map(log),
  )
  add(
    'metrics',
    INTEGERS.flatMap((n) => [
      point(`"asInt":${n}`),
      metric(`"histogram":{"dataPoints":[{"count":${n},"bucketCounts":[${n}]}]}`),
      metric(`"exponentialHistogram":{"dataPoints":[{"scale":${n},"positive":{"offset":${n}}}]}`),
    ]),
  )
  add(
    'metrics',
    DOUBLES.flatMap((n) => [
      point(`"asDouble":${n}`),
      metric(`"histogram":{"dataPoints":[{"sum":${n},"explicitBounds":[${n}]}]}`),
      metric(`"summary":{"dataPoints":[{"quantileValues":[{"quantile":${n}}]}]}`),
    ]),
  )
  add(
    'metrics',
    ENUMS.map((n) => metric(`"sum":{"aggregationTemporality":${n},"dataPoints":[{"asInt":"1"}]}`)),
  )
  add(
    'metrics',
    BOOLS.map((n) => metric(`"sum":{"isMonotonic":${n},"dataPoints":[{"asInt":"1"}]}`)),
  )
  add('metrics', [
    point(''),
    metric('"gauge":{}'),
    metric('"gauge":null'),
    metric(''),
    point('"exemplars":[{"timeUnixNano":"5"}]'),
    point('"asInt":"1","exemplars":[{"asDouble":1,"spanId":"eee19b7ec3c1b174"}]'),
    point('"asInt":"1","asDouble":2'),
    point('"asDouble":2,"asInt":"1"'),
  ])
  return list
}
