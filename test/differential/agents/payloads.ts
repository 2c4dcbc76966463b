import { requestFromJson } from '../../../src/otlp/json.ts'
import { encodeRequest } from '../../../src/otlp/protobuf.ts'
import type { Signal } from '../../../src/otlp/types.ts'
import { SIGNALS } from '../../../src/util/signal.ts'

const ns = (i: number) => String(1_790_000_000_000_000_000n + BigInt(i) * 1_000_003n)
const hex = (i: number, length: number) => (i + 1).toString(16).padStart(length, '0')
const attributes = (i: number) => [
  { key: 'text', value: { stringValue: `ünï ${i} ${'again and again '.repeat(i % 7)}` } },
  { key: 'int', value: { intValue: String(BigInt(i) - 9_000_000_000_000_000_000n) } },
  { key: 'double', value: { doubleValue: i / 3 } },
  { key: 'bool', value: { boolValue: i % 2 === 0 } },
  { key: 'bytes', value: { bytesValue: Buffer.from([0, i % 256, 255]).toString('base64') } },
  { key: 'list', value: { arrayValue: { values: [{ intValue: '1' }, { stringValue: 'x' }] } } },
  { key: 'map', value: { kvlistValue: { values: [{ key: 'k', value: { boolValue: true } }] } } },
]
const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'agents' } }, ...attributes(1)] }
const scope = { name: 'scope', version: '1.0', attributes: [{ key: 'a', value: { intValue: '7' } }] }

function span(i: number) {
  return {
    traceId: hex(i, 32),
    spanId: hex(i, 16),
    parentSpanId: i % 3 === 0 ? '' : hex(i + 1, 16),
    traceState: 'a=b',
    flags: 1,
    name: `span ${i}`,
    kind: 1 + (i % 5),
    startTimeUnixNano: ns(i),
    endTimeUnixNano: ns(i + 5),
    attributes: attributes(i),
    events: [{ timeUnixNano: ns(i + 1), name: 'event', attributes: attributes(i) }],
    links: [{ traceId: hex(i + 2, 32), spanId: hex(i + 2, 16), attributes: [] }],
    status: { code: i % 3, message: i % 3 === 2 ? 'went wrong' : '' },
  }
}

const log = (i: number) => ({
  timeUnixNano: ns(i),
  observedTimeUnixNano: ns(i + 1),
  severityNumber: 1 + (i % 24),
  severityText: 'INFO',
  body: { stringValue: `line ${i} ${'of a log '.repeat(i % 11)}` },
  attributes: attributes(i),
  traceId: hex(i, 32),
  spanId: hex(i, 16),
  flags: 1,
})

const point = (i: number) => ({
  startTimeUnixNano: ns(0),
  timeUnixNano: ns(i),
  attributes: [{ key: 'i', value: { intValue: String(i) } }],
})

function metric(i: number) {
  const name = `metric_${i}`
  const exemplars = [{ timeUnixNano: ns(i), asDouble: 0.5, traceId: hex(i, 32), spanId: hex(i, 16) }]
  if (i % 4 === 0) return { name, unit: 's', gauge: { dataPoints: [{ ...point(i), asDouble: i / 7 }] } }
  if (i % 4 === 1) {
    const dataPoints = [{ ...point(i), asInt: String(i), exemplars }]
    return { name, description: 'counts', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints } }
  }
  if (i % 4 === 2) {
    const buckets = { count: '3', sum: 4.5, min: 0.5, max: 3, bucketCounts: ['1', '2', '0'], explicitBounds: [1, 5] }
    return { name, histogram: { aggregationTemporality: 2, dataPoints: [{ ...point(i), ...buckets, exemplars }] } }
  }
  const buckets = { count: '4', sum: 9, scale: 3, zeroCount: '1', positive: { offset: -2, bucketCounts: ['1', '2'] } }
  return { name, exponentialHistogram: { aggregationTemporality: 2, dataPoints: [{ ...point(i), ...buckets }] } }
}

/** Requests of each signal, small and large, with every kind of value in them. */
export function payloads(): { signal: Signal; bytes: Uint8Array }[] {
  return SIGNALS.flatMap((signal) =>
    [1, 40, 700].map((count) => {
      const range = Array.from({ length: count }, (_, i) => i)
      const json = {
        traces: { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: range.map(span) }] }] },
        metrics: { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: range.map(metric) }] }] },
        logs: { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: range.map(log) }] }] },
      }[signal]
      return { signal, bytes: encodeRequest(signal, requestFromJson(signal, json)) }
    }),
  )
}
