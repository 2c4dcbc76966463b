import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { requestFromJson } from '../../../src/otlp/json.ts'
import { encodeRequest } from '../../../src/otlp/protobuf.ts'
import { attributes, folder, get, lines, nowNanos, otlp, post, record, start } from './support.ts'

/** mulberry32: the same numbers at every run. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Flips, cuts, doubles or drops parts of `bytes`. */
function damage(bytes: Uint8Array, rand: () => number): Buffer {
  let result = Buffer.from(bytes)
  for (let n = 1 + Math.floor(rand() * 8); n > 0 && result.length > 0; n--) {
    const at = Math.floor(rand() * result.length)
    const to = Math.min(result.length, at + Math.floor(rand() * 20))
    const kind = Math.floor(rand() * 4)
    if (kind === 0) result[at] = Math.floor(rand() * 256)
    else if (kind === 1) result = result.subarray(0, at)
    else if (kind === 2) result = Buffer.concat([result.subarray(0, to), result.subarray(at)])
    else result = Buffer.concat([result.subarray(0, at), result.subarray(to)])
  }
  return result
}

test('damaged requests are refused: no crash, no hang, no 500, and good ones go on', async () => {
  const { url, log } = await start(await folder())
  const rand = random(20261125)
  const at = nowNanos()
  const json = Buffer.from(
    otlp([
      record(at, '{"level":"info"}', { attributes: attributes({ 'a.b': '{' }), traceId: '0'.repeat(31).concat('1') }),
    ]),
  )
  const protobuf = encodeRequest('logs', requestFromJson('logs', JSON.parse(json.toString())))
  const pushed = Buffer.from(
    JSON.stringify({ streams: [{ stream: { app: 'x' }, values: [[String(at), 'l', { k: 'v' }]] }] }),
  )
  const seeds: [path: string, body: Uint8Array, type: string][] = [
    ['/otlp/v1/logs', json, 'application/json'],
    ['/otlp/v1/logs', protobuf, 'application/x-protobuf'],
    ['/loki/api/v1/push', pushed, 'application/json'],
    ['/loki/api/v1/push', Buffer.concat([Buffer.from([20, 60]), protobuf.subarray(0, 16)]), 'application/x-protobuf'],
  ]
  const statuses = new Map<number, number>()
  const once = async (i: number) => {
    const [path, body, type] = seeds[i % seeds.length]!
    const bad = damage(body, rand)
    const zip = rand() < 0.2
    const sent = zip ? damage(gzipSync(bad), rand() < 0.5 ? () => 0.999 : rand) : bad
    const response = await post(`${url}${path}`, sent, {
      'content-type': type,
      ...(zip ? { 'content-encoding': 'gzip' } : {}),
    })
    await response.arrayBuffer()
    statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1)
  }
  for (let i = 0; i < 600; i += 8) await Promise.all(Array.from({ length: 8 }, (_, j) => once(i + j)))
  expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([])
  expect(statuses.get(400)).toBeGreaterThan(100)
  expect((await post(`${url}/otlp/v1/logs`, json, {})).status).toBe(204)
  expect(await lines(url, '{service_name="neuro"}')).toContain('{"level":"info"}')
  expect(log.filter((line) => line.startsWith('level=error'))).toEqual([])
})

test('hostile shapes are bounded', async () => {
  const { url } = await start(await folder())
  const at = nowNanos()
  const send = async (body: string, path = '/otlp/v1/logs') => {
    const response = await post(`${url}${path}`, body)
    await response.arrayBuffer()
    return response.status
  }
  const deep = (depth: number) =>
    `${'{"kvlistValue":{"values":[{"key":"k","value":'.repeat(depth)}{}${'}]}}'.repeat(depth)}`
  const deepRecord = { ...record(at, 'x'), body: 'BODY' }
  expect(await send(otlp([deepRecord]).replace('"BODY"', deep(10_000)))).toBe(400)
  expect(await send('['.repeat(1_000_000))).toBe(400)
  expect(await send(otlp([record(at, `{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}`)]))).toBe(204)
  expect(await send(otlp([record(at, `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`)]))).toBe(204)
  const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, 'v']))
  expect(await send(otlp([record(at, 'wide', { attributes: attributes(wide) })]))).toBe(400)
  expect(
    await send(
      JSON.stringify({ streams: [{ stream: { [`a${'b'.repeat(5000)}`]: 'x' }, values: [[String(at), '']] }] }),
      '/loki/api/v1/push',
    ),
  ).toBe(400)
  // Many lines of one moment: looking for one that is sent twice must not take the square of their number.
  const same = Array.from({ length: 20_000 }, (_, i) => [String(at), `line ${i}`])
  const started = performance.now()
  expect(
    await send(JSON.stringify({ streams: [{ stream: { app: 'same' }, values: same }] }), '/loki/api/v1/push'),
  ).toBe(204)
  expect(performance.now() - started).toBeLessThan(10_000)
  const params = [
    'a'.repeat(20_000),
    '{a="b"}'.repeat(2000),
    '((((',
    '{a=~"(((((a*)*)*)*)*"}',
    '\0',
    '{a="b"} | json | '.repeat(50),
  ]
  for (const query of params) {
    expect((await get(url, '/loki/api/v1/query_range', { query })).status, query.slice(0, 40)).toBeLessThan(500)
  }
  const times = ['9'.repeat(40), '-9223372036854775808', '9223372036854775807', '1e400', '0.5', '2026-13-45T00:00:00Z']
  for (const start of times) {
    const { status } = await get(url, '/loki/api/v1/query_range', { query: '{a="b"}', start, end: start })
    expect(status, start).toBeLessThan(500)
  }
  expect((await get(url, '/ready')).status).toBe(200)
})
