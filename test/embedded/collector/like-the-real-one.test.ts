import { afterEach, expect, test } from 'vitest'
import { requestFromJson, requestFromJsonBytes, requestToJson } from '../../../src/otlp/json.ts'
import { decodeRequest, encodeRequest } from '../../../src/otlp/protobuf.ts'
import { type Bench, bench } from './support.ts'

let open: Bench | undefined
afterEach(() => open?.end())

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

test('a point without a value and a log without a body are sent on as pdata writes them', () => {
  const points = [{ timeUnixNano: '5' }, { timeUnixNano: '5', asInt: '0' }]
  const metrics = requestFromJson('metrics', {
    resourceMetrics: [{ scopeMetrics: [{ metrics: [{ name: 'g', gauge: { dataPoints: points } }] }] }],
  })
  // Field 3, the time, alone; and with field 6, a zero.
  expect(hex(encodeRequest('metrics', metrics))).toContain(`0a09190500000000000000${'0a12'}19`)
  const again = decodeRequest('metrics', encodeRequest('metrics', metrics))
  expect(again).toEqual(metrics)
  expect(JSON.stringify(requestToJson('metrics', again))).not.toContain('NaN')
  const logs = requestFromJson('logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: {} }, {}] }] }] })
  expect(hex(encodeRequest('logs', logs)).match(/2a00/g)).toHaveLength(2)
})

test('a number in OTLP/JSON keeps every digit, and what does not fit is refused', () => {
  const read = (field: string) => {
    const span = `{"traceId":"${'ab'.repeat(16)}","spanId":"${'cd'.repeat(8)}",${field}}`
    const text = `{"resourceSpans":[{"scopeSpans":[{"spans":[${span}]}]}]}`
    return requestFromJsonBytes('traces', Buffer.from(text))[0]!.scopes[0]!.items[0]!
  }
  expect(read('"startTimeUnixNano":1790000000000000001').startTimeUnixNano).toBe(1790000000000000001n)
  expect(read('"startTimeUnixNano":18446744073709551615').startTimeUnixNano).toBe(2n ** 64n - 1n)
  const value = (text: string) => read(`"attributes":[{"key":"a","value":${text}}]`).attributes[0]!.value
  expect(value('{"intValue":-9223372036854775808}')).toBe(-(2n ** 63n))
  expect(value('{"stringValue":"9007199254740993, not a number"}')).toBe('9007199254740993, not a number')
  expect(value('{"doubleValue":12345678901234567890}')).toBe(Number('12345678901234567890'))
  for (const wrong of [
    '"startTimeUnixNano":-1',
    '"startTimeUnixNano":"99999999999999999999"',
    '"startTimeUnixNano":1.0',
    '"startTimeUnixNano":1e3',
    '"startTimeUnixNano":""',
    '"startTimeUnixNano":null',
    '"kind":"9"',
    '"name":1790000000000000001',
    '"attributes":[{"key":"a","value":{"bytesValue":"!!!!"}}]',
    '"attributes":[{"key":"a","value":{"bytesValue":"aGk"}}]',
    '"attributes":[{"key":"a","value":{"intValue":9223372036854775808}}]',
  ]) {
    expect(() => read(wrong), wrong).toThrow()
  }
  const record = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ severityNumber: 'SEVERITY_NUMBER_WARN' }] }] }] }
  expect(requestFromJson('logs', record)[0]!.scopes[0]!.items[0]!.severityNumber).toBe(13)
})

test('an exemplar without labels is left out, and a batcher in two pipelines counts twice', async () => {
  open = await bench()
  const service = await open.start(`
receivers: {otlp: {protocols: {grpc: {}}}}
processors: {batch: {timeout: 20ms}, batch/keys: {timeout: 20ms, metadata_keys: [x]}}
exporters: {debug: {}, prometheus: {endpoint: '127.0.0.1:9464', enable_open_metrics: true}}
service:
  pipelines:
    traces: {receivers: [otlp], processors: [batch, batch/keys], exporters: [debug]}
    metrics: {receivers: [otlp], processors: [batch], exporters: [prometheus]}
`)
  const at = (purpose: string) => `http://127.0.0.1:${service.ports()[purpose]}/metrics`
  const page = async (purpose: string) =>
    (await fetch(at(purpose), { headers: { accept: 'application/openmetrics-text' } })).text()
  const cardinality = await page('telemetry')
  expect(cardinality).toMatch(/batch_metadata_cardinality\{processor="batch"\} 2/)
  expect(cardinality).toMatch(/batch_metadata_cardinality\{processor="batch\/keys"\} 0/)
  const point = (exemplar: object) => ({
    timeUnixNano: `${Date.now()}000000`,
    asInt: '3',
    exemplars: [{ timeUnixNano: `${Date.now()}000000`, asDouble: 3, ...exemplar }],
  })
  const sum = (name: string, exemplar: object) => ({
    name,
    sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point(exemplar)] },
  })
  const metrics = [sum('bare', {}), sum('named', { traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8) })]
  await open.send('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] })
  await expect.poll(() => page('prometheus'), { timeout: 15_000 }).toContain('named_total')
  const lines = (await page('prometheus')).split('\n')
  expect(lines.find((line) => line.startsWith('bare_total'))).not.toContain('#')
  expect(lines.find((line) => line.startsWith('named_total'))).toContain('# {trace_id="abab')
})
