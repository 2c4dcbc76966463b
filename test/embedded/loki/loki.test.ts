import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { requestFromJson } from '../../../src/otlp/json.ts'
import { encodeRequest } from '../../../src/otlp/protobuf.ts'
import { CONFIG, folder, get, lines, nowNanos, otlp, post, record, start } from './support.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'

test('an OTLP record becomes a line with labels, structured metadata and a level', async () => {
  const { url } = await start(await folder())
  const at = nowNanos()
  const body = otlp(
    [
      record(at, 'loaded scan', {
        severityNumber: 9,
        severityText: 'INFO',
        traceId: TRACE,
        spanId: 'b7ad6b7169203331',
        flags: 1,
        observedTimeUnixNano: String(at + 5n),
        attributes: [
          { key: 'file.name', value: { stringValue: 'a.nii' } },
          { key: 'shape', value: { arrayValue: { values: [{ intValue: '64' }, { intValue: '64' }] } } },
          { key: 'node', value: { kvlistValue: { values: [{ key: 'cpu', value: { intValue: '2' } }] } } },
        ],
      }),
    ],
    { 'service.name': 'neuro', 'host.name': 'lab' },
  )
  const request = encodeRequest('logs', requestFromJson('logs', JSON.parse(body)))
  const sent = await post(`${url}/otlp/v1/logs`, gzipSync(request), {
    'content-type': 'application/x-protobuf',
    'content-encoding': 'gzip',
  })
  expect([sent.status, await sent.text()]).toEqual([204, ''])

  const flags = { 'x-loki-response-encoding-flags': 'categorize-labels' }
  const { json } = await get(url, '/loki/api/v1/query_range', { query: '{service_name="neuro"}' }, flags)
  expect(json.data.encodingFlags).toEqual(['categorize-labels'])
  expect(json.data.result).toEqual([
    {
      stream: { service_name: 'neuro' },
      values: [
        [
          String(at),
          'loaded scan',
          {
            structuredMetadata: {
              detected_level: 'info',
              file_name: 'a.nii',
              flags: '1',
              host_name: 'lab',
              node_cpu: '2',
              observed_timestamp: String(at + 5n),
              scope_name: 'lib',
              severity_number: '9',
              severity_text: 'INFO',
              shape: '[64,64]',
              span_id: 'b7ad6b7169203331',
              trace_id: TRACE,
            },
          },
        ],
      ],
    },
  ])
  const plain = await get(url, '/loki/api/v1/query_range', { query: '{service_name="neuro"}' })
  expect(plain.json.data.result[0].stream).toMatchObject({ service_name: 'neuro', trace_id: TRACE })
  expect(plain.json.data.stats.summary.totalLinesProcessed).toBe(1)
})

test('lines are there again after a restart, from the journal and from chunks, in order and once', async () => {
  const dir = await folder()
  const first = await start(dir)
  const at = nowNanos()
  const send = async (url: string, from: number, to: number) => {
    const records = []
    for (let i = from; i < to; i++) records.push(record(at + BigInt(i), `line ${i}`))
    expect((await post(`${url}/otlp/v1/logs`, otlp(records))).status).toBe(204)
  }
  await send(first.url, 0, 50)
  expect((await fetch(`${first.url}/flush`, { method: 'POST' })).status).toBe(204)
  // Late ones, among those that are cut already; and one batch sent again.
  await send(first.url, 50, 60)
  await send(first.url, 20, 30)
  await first.stop()

  const second = await start(dir)
  expect(second.log.join('\n')).toContain('journal replayed')
  await send(second.url, 60, 70)
  const end = String(at + 1000n)
  const want = Array.from({ length: 70 }, (_, i) => `line ${69 - i}`)
  expect(await lines(second.url, '{service_name="neuro"}', { end })).toEqual(want)
  const { json } = await get(second.url, '/loki/api/v1/query_range', {
    query: '{service_name="neuro"}',
    direction: 'forward',
    limit: '25',
    start: String(at + 10n),
    end: String(at + 40n),
  })
  expect(json.data.result[0].values.map((v: string[]) => v[1])).toEqual(
    Array.from({ length: 25 }, (_, i) => `line ${i + 10}`),
  )
})

test('labels, values and series in a window', async () => {
  const { url } = await start(await folder())
  const at = nowNanos()
  const resource = { 'service.name': 'neuro', 'deployment.environment': 'lab' }
  await post(`${url}/otlp/v1/logs`, otlp([record(at, 'a')], resource))
  await post(`${url}/otlp/v1/logs`, otlp([record(at - 7_200_000_000_000n, 'b')], { 'k8s.pod.name': 'p' }))
  expect((await get(url, '/loki/api/v1/labels')).json.data).toEqual(['deployment_environment', 'service_name'])
  expect((await get(url, '/loki/api/v1/label/service_name/values', { since: '3h' })).json.data).toEqual([
    'neuro',
    'unknown_service',
  ])
  expect((await get(url, '/loki/api/v1/label/nothing/values')).json).toEqual({ status: 'success' })
  const series = await get(url, '/loki/api/v1/series', { 'match[]': '{service_name=~".+"}', since: '3h' })
  expect(series.json.data).toHaveLength(2)
  expect((await get(url, '/loki/api/v1/series', { match: '{k8s_pod_name="p"}', since: '3h' })).json.data).toEqual([
    { k8s_pod_name: 'p', service_name: 'unknown_service' },
  ])
})

test('not ready before min_ready_duration, though it takes and answers', async () => {
  const config = CONFIG.replace('min_ready_duration: 0s', 'min_ready_duration: 1h')
  const { url, service } = await start(await folder(), config)
  expect(service.ready()).toBe(false)
  expect(await get(url, '/ready')).toMatchObject({
    status: 503,
    text: 'Ingester not ready: waiting for 3600s after being ready\n',
  })
  expect((await post(`${url}/otlp/v1/logs`, otlp([record(nowNanos(), 'a')]))).status).toBe(204)
  expect(await lines(url, '{service_name="neuro"}')).toEqual(['a'])
})

test('metric queries answer as vector, matrix and scalar', async () => {
  const { url } = await start(await folder())
  const at = nowNanos()
  const records = ['a took=1s', 'b took=3s'].map((text, i) =>
    record(at + BigInt(i), text, { severityNumber: 9 + i * 8 }),
  )
  await post(`${url}/otlp/v1/logs`, otlp(records))
  const ask = async (path: string, query: string, more = {}) =>
    (await get(url, `/loki/api/v1/${path}`, { query, ...more })).json.data
  const time = String(at / 1_000_000_000n + 1n)
  const count = await ask('query', 'sum by (detected_level) (count_over_time({service_name="neuro"}[1m]))', { time })
  expect([count.resultType, count.result]).toEqual([
    'vector',
    [
      { metric: { detected_level: 'error' }, value: [Number(time), '1'] },
      { metric: { detected_level: 'info' }, value: [Number(time), '1'] },
    ],
  ])
  const took = 'max(max_over_time({service_name="neuro"} | logfmt | unwrap duration(took) [1m])) by (service_name)'
  const range = await ask('query_range', took, { start: time, end: time, step: '15s' })
  // Loki moves the times of a metric query to whole steps, which splits it.
  const moved = Math.ceil(Number(time) / 15) * 15
  expect([range.resultType, range.result[0].values]).toEqual(['matrix', [[moved, '3']]])
  const year = await get(url, '/loki/api/v1/query_range', {
    query: 'rate({a="b"}[1y])',
    start: time,
    end: time,
    step: '1',
  })
  expect(year.text).toBe('the query time range exceeds the limit (query length: 8760h0m0.000000001s, limit: 30d1h)')
  // A log query is refused before it is looked at any closer.
  const lines = await get(url, '/loki/api/v1/query', { query: '{a="b"} | line_format "{{ nonsense"' })
  expect(lines.text).toContain('log queries are not supported as an instant query type')
  expect(range.stats.summary).toMatchObject({ totalLinesProcessed: 2, totalEntriesReturned: 1 })
  const scalar = await ask('query', '1 + 1', { time })
  expect([scalar.resultType, scalar.result]).toEqual(['scalar', [Number(time), '2']])
  expect((await ask('query', 'vector(1)+vector(1)', { time })).result).toEqual([
    { metric: {}, value: [Number(time), '2'] },
  ])
})

test('filters, parsers and categories; interval and since; format_query', async () => {
  const { url } = await start(await folder())
  const at = nowNanos()
  const texts = ['{"msg":"one","n":1}', '{"msg":"two","n":2}', 'no json']
  await post(`${url}/otlp/v1/logs`, otlp(texts.map((text, i) => record(at + BigInt(i) * 1_000_000n, text))))
  const end = String(at + 1_000_000_000n)
  const query = '{service_name="neuro"} |= "msg" | json | n > 1'
  const flags = { 'x-loki-response-encoding-flags': 'categorize-labels' }
  const { json } = await get(url, '/loki/api/v1/query_range', { query, end }, flags)
  expect(json.data.result.map((s: { stream: object }) => s.stream)).toEqual([{ service_name: 'neuro' }])
  expect(json.data.result[0].values[0][2]).toEqual({
    structuredMetadata: { detected_level: 'unknown', scope_name: 'lib' },
    parsed: { msg: 'two', n: '2' },
  })
  expect(await lines(url, '{service_name="neuro"}', { end, interval: '10m', direction: 'forward' })).toEqual([texts[0]])
  expect(await lines(url, '{service_name="neuro"}', { end, since: '1s', limit: '1' })).toEqual([texts[2]])
  const bad = await get(url, '/loki/api/v1/query_range', { query: '{service_name="neuro"} | jso' })
  expect([bad.status, bad.text]).toEqual([400, expect.stringMatching(/^parse error at line 1, col \d+: syntax error/)])
  expect((await get(url, '/loki/api/v1/format_query', { query: '{a="b"}|="x"' })).json).toEqual({
    status: 'success',
    data: '{a="b"} |= "x"',
  })
  expect(await get(url, '/loki/api/v1/format_query', { query: '{' })).toMatchObject({
    status: 400,
    json: { status: 'invalid-query', error: expect.stringContaining('parse error') },
  })
})
