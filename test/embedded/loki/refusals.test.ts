import { deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { CONFIG, folder, get, lines, nowNanos, otlp, post, record, start } from './support.ts'

const HOUR = 3_600_000_000_000n
const push = (url: string, streams: unknown, headers = {}) =>
  post(`${url}/loki/api/v1/push`, JSON.stringify({ streams }), headers)
const answer = async (response: Response) => [response.status, await response.text()] as const

test('lines that are too old, too new, too long or too far behind are refused, the others are kept', async () => {
  const { url } = await start(await folder(), `${CONFIG}limits_config: {max_line_size: 1KB}\n`)
  const at = nowNanos()
  const stream = { app: 'x' }
  const values = [
    [String(at - 200n * HOUR), 'old'],
    [String(at + HOUR), 'new'],
    [String(at), 'x'.repeat(1025)],
    [String(at), 'good'],
  ]
  const [status, text] = await answer(await push(url, [{ stream, values }]))
  expect(status).toBe(400)
  const name = `{app="x", service_name="x"}`
  expect(text.split('; ')).toEqual([
    expect.stringMatching(
      /^1 errors like: entry for stream '\{app="x", service_name="x"\}' has timestamp too old: [-0-9T:]+Z, oldest acceptable timestamp is: [-0-9T:]+Z$/,
    ),
    expect.stringMatching(/^1 errors like: entry for stream '.*' has timestamp too new: [-0-9T:]+Z$/),
    `1 errors like: max entry size '1024' bytes exceeded for stream '${name}' while adding an entry with length '1025' bytes`,
  ])
  expect(await lines(url, '{app="x"}')).toEqual(['good'])

  const late = [[String(at - 2n * HOUR), 'late']]
  const [lateStatus, lateText] = await answer(await push(url, [{ stream, values: late }]))
  expect(lateStatus).toBe(400)
  expect(lateText).toMatch(
    /^entry with timestamp [-0-9: .]+ \+0000 UTC ignored, reason: 'entry too far behind, entry timestamp is: .*Z, oldest acceptable timestamp is: .*Z',\nuser 'fake', total ignored: 1 out of 1 for stream: \{app="x", service_name="x"\}$/,
  )
  expect((await get(url, '/metrics')).text).toContain(
    'loki_discarded_samples_total{reason="too_far_behind",tenant="fake"} 1',
  )
})

test('streams are refused for too many labels, long names and values, and no labels at all', async () => {
  const limits =
    'limits_config: {max_label_names_per_series: 2, max_label_name_length: 12, max_label_value_length: 5}\n'
  const { url } = await start(await folder(), CONFIG + limits)
  const values = [[String(nowNanos()), 'line']]
  const send = async (stream: Record<string, string>) => answer(await push(url, [{ stream, values }]))
  expect(await send({ a: '1', b: '2', c: '3' })).toEqual([
    400,
    `entry for stream '{a="1", b="2", c="3", service_name="unknown_service"}' has 3 label names; limit 2`,
  ])
  expect(await send({ a_rather_long_name: '1', service_name: 's' })).toEqual([
    400,
    `stream '{a_rather_long_name="1", service_name="s"}' has label name too long: 'a_rather_long_name'`,
  ])
  expect(await send({ a: '123456', service_name: 's' })).toEqual([
    400,
    `stream '{a="123456", service_name="s"}' has label value too long: '123456'`,
  ])
  expect(await send({ 'a-b': '1' })).toEqual([
    400,
    `couldn't parse labels: 1:3: parse error: unexpected character: "-" in label set, expected "="`,
  ])
  expect(await answer(await push(url, []))).toEqual([422, 'error at least one valid stream is required for ingestion'])
})

test('limits on streams, on the rate of all and on the rate of one', async () => {
  const limits =
    'limits_config: {max_global_streams_per_user: 2, ingestion_rate_mb: 1, ingestion_burst_size_mb: 1, per_stream_rate_limit: 1KB, per_stream_rate_limit_burst: 2KB}\n'
  const { url } = await start(await folder(), CONFIG + limits)
  const values = (size: number) => [[String(nowNanos()), 'x'.repeat(size)]]
  for (const app of ['a', 'b']) expect((await push(url, [{ stream: { app }, values: values(10) }])).status).toBe(204)
  const [status, text] = await answer(await push(url, [{ stream: { app: 'c' }, values: values(10) }]))
  expect([status, text]).toEqual([
    429,
    `maximum active stream limit exceeded when trying to create stream {app="c", service_name="c"}, reduce the number of active streams (reduce labels or reduce label values), or contact your Loki administrator to see if the limit can be increased, user: 'fake'`,
  ])
  const [perStream, why] = await answer(await push(url, [{ stream: { app: 'a' }, values: values(3000) }]))
  expect(perStream).toBe(429)
  expect(why).toContain(
    `Per stream rate limit exceeded (limit: 1KB/sec) while attempting to ingest for stream '{app="a"`,
  )
  const many = Array.from({ length: 8 }, (_, i) => [String(nowNanos() + BigInt(i)), 'x'.repeat(200_000)])
  const [whole, rate] = await answer(await push(url, [{ stream: { app: 'a' }, values: many }]))
  expect(whole).toBe(429)
  expect(rate).toMatch(
    /^ingestion rate limit exceeded for user fake \(limit: 1048576 bytes\/sec\) while attempting to ingest '8' lines totaling '\d+' bytes, reduce log volume/,
  )
})

test('OTLP refusals are a google.rpc.Status, and bad requests end with 400', async () => {
  const { url } = await start(await folder())
  const old = await post(`${url}/otlp/v1/logs`, otlp([record(1n, 'old')]))
  expect(old.status).toBe(400)
  const bytes = Buffer.from(await old.arrayBuffer())
  expect([bytes[0], bytes.includes('has timestamp too old: 1970-01-01T00:00:00Z')]).toEqual([0x12, true])
  const send = async (body: string | Uint8Array, headers: Record<string, string>) => {
    const response = await post(`${url}/otlp/v1/logs`, body, headers)
    return `${response.status} ${Buffer.from(await response.arrayBuffer())
      .subarray(2)
      .toString()}`
  }
  const protobuf = { 'content-type': 'application/x-protobuf' }
  expect(await send('{', {})).toMatch(/^400 .*JSON/)
  expect(await send(Buffer.from([0x0a, 0xff]), protobuf)).toMatch(/^400 /)
  expect(await send('x', { 'content-type': 'text/plain' })).toBe('400 content type: text/plain is not supported')
  expect(await send('x', { ...protobuf, 'content-encoding': 'zstd' })).toMatch(/^400 .*zstd/)
  expect(await send(Buffer.from('no gzip'), { ...protobuf, 'content-encoding': 'gzip' })).toMatch(/^400 /)
  const bomb = gzipSync(Buffer.alloc(80 << 20))
  expect(await send(bomb, { ...protobuf, 'content-encoding': 'gzip' })).toMatch(/^413 request body too large/)
  expect(await send(deflateSync(Buffer.alloc(0)), { ...protobuf, 'content-encoding': 'deflate' })).toMatch(/^422 /)
})

test('parameters of queries are refused in Loki’s words', async () => {
  const limits = 'limits_config: {max_query_range: 1h, required_labels: [a], retention_stream: []}\n'
  const { url, log } = await start(await folder(), CONFIG + limits)
  expect(log.join('\n')).toContain('limits_config.retention_stream (line 5) has no effect')
  const ask = async (params: Record<string, string>, path = '/loki/api/v1/query_range') => {
    const { status, text } = await get(url, path, { query: '{a="b"}', ...params })
    return `${status} ${text}`
  }
  expect(await ask({ limit: '6000' })).toBe(
    '400 max entries limit per query exceeded, limit > max_entries_limit_per_query (6000 > 5000)',
  )
  expect(await ask({ limit: '0' })).toBe('400 limit must be a positive value')
  expect(await ask({ limit: 'x' })).toBe('400 strconv.Atoi: parsing "x": invalid syntax')
  expect(await ask({ direction: 'up' })).toBe(`400 invalid direction 'up'`)
  expect(await ask({ start: 'x' })).toBe(
    `400 could not parse 'start' parameter: strconv.ParseInt: parsing "x": invalid syntax`,
  )
  expect(await ask({ start: '20', end: '10' })).toBe('400 end timestamp must not be before or equal to start time')
  expect(await ask({ step: '0' })).toMatch(/^400 zero or negative query resolution step/)
  expect(await ask({ step: '1ms' })).toMatch(/^400 exceeded maximum resolution of 11,000 points/)
  expect(await ask({ interval: '-1' })).toBe('400 interval must be >= 0')
  expect(await ask({ start: '2020-01-01T00:00:00Z', end: '2020-03-01T00:00:00Z', step: '1h' })).toBe(
    '400 the query time range exceeds the limit (query length: 1440h0m0s, limit: 30d1h)',
  )
  expect(await ask({}, '/loki/api/v1/query')).toMatch(/^400 log queries are not supported as an instant query type/)
  expect(await ask({ query: '{a=' })).toMatch(/^400 parse error at line 1, col 4: syntax error: /)
  expect(await ask({ query: '1 + sum(rate({a="b"}[2h]))' })).toBe('400 [interval] value exceeds limit: [2h] > [1h]')
  expect(await ask({ query: '{c="d"}' })).toBe(
    '400 stream selector is missing required matchers [a], labels present in the query were [c]',
  )
  expect(await ask({}, '/loki/api/v1/delete')).toMatch(/^501 log deletion is not supported/)
})
