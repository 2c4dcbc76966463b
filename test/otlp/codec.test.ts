import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { attributeOf, stringOf } from '../../src/otlp/attributes.ts'
import { OtlpJsonError, requestFromJson, requestToJson } from '../../src/otlp/json.ts'
import { decodeRequest, encodeRequest, OtlpDecodeError } from '../../src/otlp/protobuf.ts'
import { KeyValueList, type LogsData, type MetricsData, type TracesData } from '../../src/otlp/types.ts'

const scope = { name: 'lib', version: '1', attributes: [], droppedAttributesCount: 0 }
const resource = { attributes: [{ key: 'service.name', value: 'app' }], droppedAttributesCount: 2 }
const attributes = [
  { key: 's', value: 'größer als 24 Zeichen, und nicht nur ASCII' },
  { key: 'i', value: -(2n ** 63n) },
  { key: 'd', value: 0 },
  { key: 'b', value: false },
  { key: 'a', value: ['x', 1n, null] },
  { key: 'm', value: new KeyValueList([{ key: 'k', value: new Uint8Array([1, 2]) }]) },
]
const traceId = '0af7651916cd43dd8448eb211c80319c'
const spanId = 'b7ad6b7169203331'
const traces: TracesData = [
  {
    resource,
    schemaUrl: 'https://example.test/1',
    scopes: [
      {
        scope,
        schemaUrl: '',
        items: [
          {
            traceId,
            spanId,
            traceState: 'a=1',
            parentSpanId: '',
            flags: 257,
            name: 'process_file',
            kind: 1,
            startTimeUnixNano: 1_700_000_000_000_000_001n,
            endTimeUnixNano: 1_700_000_001_000_000_002n,
            attributes,
            droppedAttributesCount: 0,
            events: [{ timeUnixNano: 5n, name: 'exception', attributes, droppedAttributesCount: 1 }],
            droppedEventsCount: 3,
            links: [{ traceId, spanId, traceState: '', attributes: [], droppedAttributesCount: 0, flags: 1 }],
            droppedLinksCount: 0,
            status: { code: 2, message: 'x'.repeat(300) },
          },
        ],
      },
    ],
  },
]
const base = { attributes: [], startTimeUnixNano: 1n, timeUnixNano: 2n, flags: 0 }
const exemplars = [{ filteredAttributes: [], timeUnixNano: 3n, value: 0.5, spanId, traceId }]
const metrics: MetricsData = [
  {
    resource,
    schemaUrl: '',
    scopes: [
      {
        scope,
        schemaUrl: 's',
        items: [
          {
            name: 'g',
            description: 'd',
            unit: 's',
            metadata: [],
            data: { type: 'gauge', points: [{ ...base, value: 7n, exemplars: [] }] },
          },
          {
            name: 'c',
            description: '',
            unit: '1',
            metadata: [],
            data: { type: 'sum', temporality: 2, monotonic: true, points: [{ ...base, value: Number.NaN, exemplars }] },
          },
          {
            name: 'h',
            description: '',
            unit: '',
            metadata: [],
            data: {
              type: 'histogram',
              temporality: 1,
              points: [
                {
                  ...base,
                  count: 3n,
                  sum: 4.5,
                  bucketCounts: [1n, 2n],
                  explicitBounds: [1.5],
                  min: 1,
                  max: 2,
                  exemplars,
                },
              ],
            },
          },
          {
            name: 'e',
            description: '',
            unit: '',
            metadata: [],
            data: {
              type: 'exponentialHistogram',
              temporality: 2,
              points: [
                {
                  ...base,
                  count: 300n,
                  sum: undefined,
                  scale: -3,
                  zeroCount: 1n,
                  zeroThreshold: 0.25,
                  positive: { offset: -2, bucketCounts: [1n, 299n] },
                  negative: { offset: 0, bucketCounts: [] },
                  min: undefined,
                  max: undefined,
                  exemplars: [],
                },
              ],
            },
          },
          {
            name: 's',
            description: '',
            unit: '',
            metadata: [],
            data: {
              type: 'summary',
              points: [{ ...base, count: 2n, sum: 3, quantiles: [{ quantile: 0.5, value: 1 }] }],
            },
          },
        ],
      },
    ],
  },
]
const logs: LogsData = [
  {
    resource,
    schemaUrl: '',
    scopes: [
      {
        scope,
        schemaUrl: '',
        items: [
          {
            timeUnixNano: 1n,
            observedTimeUnixNano: 2n,
            severityNumber: 17,
            severityText: 'ERROR',
            body: 'failed',
            attributes,
            droppedAttributesCount: 0,
            flags: 1,
            traceId,
            spanId,
            eventName: 'e',
          },
        ],
      },
    ],
  },
]

describe('protobuf and JSON', () => {
  test.each([
    ['traces', traces],
    ['metrics', metrics],
    ['logs', logs],
  ] as const)('%s survive both ways', (signal, data) => {
    expect(decodeRequest(signal, encodeRequest(signal, data as never))).toEqual(data)
    expect(requestFromJson(signal, JSON.parse(JSON.stringify(requestToJson(signal, data as never))))).toEqual(data)
  })

  test('a cut message is refused at every byte or is a shorter message, and never anything else', () => {
    const bytes = encodeRequest('traces', traces)
    for (let length = 0; length < bytes.length; length++) {
      try {
        decodeRequest('traces', bytes.subarray(0, length))
      } catch (error) {
        expect(error).toBeInstanceOf(OtlpDecodeError)
      }
    }
    expect(() => decodeRequest('logs', gzipSync('no protobuf'))).toThrow(OtlpDecodeError)
  })

  test('a value that nests without end is refused', () => {
    const nested = Array.from({ length: 100 }).reduce<unknown>((inner) => ({ arrayValue: { values: [inner] } }), {})
    const log = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: nested }] }] }] }
    expect(() => requestFromJson('logs', log)).toThrow(/deeper than 64/)
  })

  test('JSON takes numbers for int64, snake_case, and names of enums', () => {
    const span = {
      trace_id: traceId.toUpperCase(),
      kind: 'SPAN_KIND_SERVER',
      startTimeUnixNano: 1000,
      attributes: [{ key: 'n', value: { intValue: 5 } }],
    }
    const [group] = requestFromJson('traces', { resource_spans: [{ scope_spans: [{ spans: [span] }] }] })
    expect(group!.scopes[0]!.items[0]).toMatchObject({
      traceId,
      kind: 2,
      startTimeUnixNano: 1000n,
      attributes: [{ key: 'n', value: 5n }],
    })
  })

  test('JSON that is not OTLP says where', () => {
    const wrong = { resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'xyz' }] }] }] }
    expect(() => requestFromJson('traces', wrong)).toThrow(OtlpJsonError)
    expect(() => requestFromJson('traces', wrong)).toThrow(
      /resourceSpans\[0\]\.scopeSpans\[0\]\.spans\[0\]\.traceId: expected 32 hex digits/,
    )
  })
})

test('values as text, as the collector writes them', () => {
  expect(attributes.map(({ value }) => stringOf(value))).toEqual([
    'größer als 24 Zeichen, und nicht nur ASCII',
    '-9223372036854775808',
    '0',
    'false',
    '["x",1,null]',
    '{"k":"AQI="}',
  ])
  expect(attributeOf(attributes, 'b')).toBe(false)
  expect(stringOf(1e21)).toBe('1e+21')
})
