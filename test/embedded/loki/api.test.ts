import { once } from 'node:events'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { Writer } from '../../../src/otlp/protobuf/writer.ts'
import { CONFIG, folder, get, nowNanos, otlp, post, record, start } from './support.ts'

/** A snappy block of nothing but literals. */
function snappy(bytes: Uint8Array): Buffer {
  const parts: Buffer[] = []
  let length = bytes.length
  const head: number[] = []
  while (length > 127) {
    head.push((length & 127) | 128)
    length >>>= 7
  }
  parts.push(Buffer.from([...head, length]))
  for (let at = 0; at < bytes.length; at += 60) {
    const part = bytes.subarray(at, at + 60)
    parts.push(Buffer.from([(part.length - 1) << 2]), Buffer.from(part))
  }
  return Buffer.concat(parts)
}

test('push takes JSON with structured metadata, and snappy protobuf', async () => {
  const { url } = await start(await folder())
  const at = nowNanos()
  const json = {
    streams: [{ stream: { app: 'a' }, values: [[String(at), 'level=warn msg=hot', { trace_id: '7', 'a.b': 'c' }]] }],
  }
  expect((await post(`${url}/loki/api/v1/push`, JSON.stringify(json))).status).toBe(204)

  const w = new Writer()
  w.message(1, () => {
    w.string(1, '{job="b",empty=""}')
    w.message(2, () => {
      w.message(1, () => w.uint64(1, at / 1_000_000_000n))
      w.string(2, 'an Error: it broke')
      w.message(3, () => {
        w.string(1, 'k')
        w.string(2, 'v')
      })
    })
  })
  const sent = await post(`${url}/loki/api/v1/push`, snappy(w.finish()), { 'content-type': 'application/x-protobuf' })
  expect([sent.status, await sent.text()]).toEqual([204, ''])

  const query = async (q: string) => (await get(url, '/loki/api/v1/query_range', { query: q })).json.data.result
  expect(await query('{app="a"}')).toEqual([
    {
      stream: { app: 'a', service_name: 'a', detected_level: 'warn', trace_id: '7', a_b: 'c' },
      values: [[String(at), 'level=warn msg=hot']],
    },
  ])
  expect(await query('{job="b"}')).toEqual([
    {
      stream: { job: 'b', service_name: 'b', detected_level: 'error', k: 'v' },
      values: [[String((at / 1_000_000_000n) * 1_000_000_000n), 'an Error: it broke']],
    },
  ])
})

test('tail sends what is there, and then what comes', async () => {
  const { url } = await start(await folder())
  const at = nowNanos()
  await post(`${url}/otlp/v1/logs`, otlp([record(at, 'before')]))
  const socket = new WebSocket(
    `${url.replace('http', 'ws')}/loki/api/v1/tail?query=${encodeURIComponent('{service_name="neuro"}')}`,
  )
  const seen: string[] = []
  const message = async () => {
    const [data] = await once(socket, 'message')
    const { streams } = JSON.parse(String(data))
    seen.push(...streams.flatMap((s: { values: string[][] }) => s.values.map((v) => v[1])))
  }
  await message()
  expect(seen).toEqual(['before'])
  await post(`${url}/otlp/v1/logs`, otlp([record(at + 1n, 'other')], { 'service.name': 'other' }))
  await post(`${url}/otlp/v1/logs`, otlp([record(at + 2n, 'after')]))
  await message()
  expect(seen).toEqual(['before', 'after'])
  socket.close()
  await once(socket, 'close')
  expect((await get(url, '/loki/api/v1/tail', { query: '{service_name="neuro"}', delay_for: '9' })).text).toBe(
    "delay_for can't be greater than 5",
  )
})

test('volumes, statistics and detected fields tell of what is there', async () => {
  const { url } = await start(await folder())
  const at = nowNanos() - 1_000_000_000n
  const body = JSON.stringify({ user: { id: 7 }, took: '3ms', list: [1] })
  await post(`${url}/otlp/v1/logs`, otlp([record(at, body), record(at + 1n, 'size=3KB ok=true')]))
  await post(`${url}/otlp/v1/logs`, otlp([record(at, 'x')], { 'service.name': 'other', 'k8s.pod.name': 'p-1' }))
  const selector = { query: '{service_name=~".+"}' }
  expect((await get(url, '/loki/api/v1/index/stats', selector)).json).toMatchObject({
    streams: 2,
    chunks: 2,
    entries: 3,
  })
  const volume = (await get(url, '/loki/api/v1/index/volume', selector)).json.data
  expect(volume.resultType).toBe('vector')
  expect(volume.result.map((r: { metric: object }) => r.metric)).toEqual([
    { service_name: 'neuro' },
    { service_name: 'other' },
  ])
  const byLabel = (await get(url, '/loki/api/v1/index/volume', { ...selector, aggregateBy: 'labels' })).json.data
  expect(byLabel.result.map((r: { metric: object }) => Object.keys(r.metric)[0])).toEqual([
    'service_name',
    'k8s_pod_name',
  ])
  const range = (await get(url, '/loki/api/v1/index/volume_range', { ...selector, step: '60' })).json.data
  expect([range.resultType, range.result[0].values.length]).toEqual(['matrix', 1])

  expect((await get(url, '/loki/api/v1/detected_labels')).json.detectedLabels).toEqual([
    { label: 'service_name', cardinality: 2 },
    { label: 'k8s_pod_name', cardinality: 1 },
  ])
  const fields = (await get(url, '/loki/api/v1/detected_fields', { query: '{service_name="neuro"}' })).json.fields
  const byName = Object.fromEntries(fields.map((f: { label: string }) => [f.label, f]))
  expect(byName.user_id).toEqual({
    label: 'user_id',
    type: 'int',
    cardinality: 1,
    parsers: ['json'],
    jsonPath: ['user', 'id'],
  })
  expect(byName.took.type).toBe('duration')
  expect(byName.size).toEqual({ label: 'size', type: 'bytes', cardinality: 1, parsers: ['logfmt'] })
  expect(byName.scope_name).toEqual({ label: 'scope_name', type: 'string', cardinality: 1, parsers: null })
  const values = await get(url, '/loki/api/v1/detected_field/ok/values', { query: '{service_name="neuro"}' })
  expect(values.json).toEqual({ values: ['true'], limit: 1000 })
  expect((await get(url, '/loki/api/v1/patterns', selector)).text).toContain('no patterns are mined here')
  expect((await get(url, '/ring', {})).json).toMatchObject({ shards: [{ state: 'ACTIVE' }] })
})

test('status endpoints', async () => {
  const { url } = await start(await folder())
  expect((await get(url, '/ready')).text).toBe('ready\n')
  expect((await get(url, '/loki/api/v1/status/buildinfo')).json.version).toMatch(/^3\./)
  expect((await get(url, '/services')).text).toContain('ingester => Running')
  expect((await get(url, '/config')).text).toContain('auth_enabled: false')
  expect((await get(url, '/metrics')).text).toContain('loki_distributor_lines_received_total{tenant="fake"} 0')
  expect((await get(url, '/nothing')).text).toBe('404 page not found\n')
})

test('tails are limited in number, and a client that misbehaves ends only its own', async () => {
  const config = `${CONFIG}limits_config: {max_concurrent_tail_requests: 1}\n`
  const { url, log } = await start(await folder(), config)
  const connect = async () => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/loki/api/v1/tail?query=%7Ba%3D%22b%22%7D`)
    await once(socket, 'open')
    return socket
  }
  const first = await connect()
  const second = await connect()
  const [code, reason] = await once(second, 'close')
  expect([code, String(reason)]).toEqual([1011, 'max concurrent tail requests limit exceeded, count > limit (2 > 1)'])
  first.send('x'.repeat(10_000))
  await once(first, 'close')
  const third = await connect()
  await post(
    `${url}/loki/api/v1/push`,
    JSON.stringify({ streams: [{ stream: { a: 'b' }, values: [[String(nowNanos()), 'l']] }] }),
  )
  const [data] = await once(third, 'message')
  expect(JSON.parse(String(data)).streams[0].values[0][1]).toBe('l')
  third.terminate()
  const refused = new WebSocket(`${url.replace('http', 'ws')}/loki/api/v1/tail?query=%7B`)
  const [error] = await once(refused, 'error')
  expect(String(error)).toContain('400')
  await expect.poll(() => log.filter((line) => line.includes('ended tailing')).length).toBe(2)
})
