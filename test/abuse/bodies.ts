import { gzipSync } from 'node:zlib'
import type { Ask, Attack } from './attack.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const PROTOBUF = { 'content-type': 'application/x-protobuf' }
const GZIP = { 'content-encoding': 'gzip' }

/** Every door that takes telemetry. */
const DOORS: [name: string, port: number, path: string, refused: number[]][] = [
  ['collector traces', 4318, '/v1/traces', [400, 413]],
  ['collector logs', 4318, '/v1/logs', [400, 413]],
  ['collector metrics', 4318, '/v1/metrics', [400, 413]],
  ['Loki OTLP', 3100, '/otlp/v1/logs', [400, 413]],
  ['Loki push', 3100, '/loki/api/v1/push', [400, 413]],
]

export function bodies(at: (port: number) => string): Attack[] {
  // A gigabyte of blanks is a megabyte of gzip.
  const bomb = gzipSync(Buffer.alloc(1 << 30, 0x20), { level: 9 })
  const deep = '{"a":['.repeat(200_000)
  const closed = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const attacks: Attack[] = []
  const add = (name: string, request: Ask, expect: number[]) => attacks.push({ name, request, expect })
  for (const [name, port, path, refused] of DOORS) {
    const url = at(port) + path
    add(`${name}: gzip bomb, JSON`, { url, headers: { ...JSON_TYPE, ...GZIP }, body: bomb }, refused)
    add(`${name}: deep JSON`, { url, headers: JSON_TYPE, body: deep }, refused)
    add(`${name}: 100,000 arrays in each other`, { url, headers: JSON_TYPE, body: closed }, refused)
    if (path.startsWith('/loki')) continue
    add(`${name}: gzip bomb, protobuf`, { url, headers: { ...PROTOBUF, ...GZIP }, body: bomb }, refused)
    add(`${name}: 100 MB`, { url, headers: PROTOBUF, body: new Uint8Array(100 << 20) }, [...refused, 0])
  }
  const snappyBomb = new Uint8Array([0xff, 0xff, 0xff, 0xff, 0x0f, 0x00, 0x61])
  const write = `${at(9090)}/api/v1/write`
  add('Prometheus remote write: snappy that claims 4 GiB', remoteWrite(write, snappyBomb), [400, 404, 413])
  add('Loki push: snappy that claims 4 GiB', remoteWrite(`${at(3100)}/loki/api/v1/push`, snappyBomb), [400, 413])
  const nested = (depth: number): object => {
    let value: object = { stringValue: 'x' }
    for (let i = 0; i < depth; i++) value = { arrayValue: { values: [value] } }
    return value
  }
  const span = {
    traceId: 'ab'.repeat(16),
    spanId: 'cd'.repeat(8),
    name: 'x',
    startTimeUnixNano: '1',
    endTimeUnixNano: '2',
  }
  const spans = [{ ...span, attributes: [{ key: 'deep', value: nested(1000) }] }]
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
  add(
    'collector traces: a value of 1000 levels',
    { url: `${at(4318)}/v1/traces`, headers: JSON_TYPE, body },
    [200, 400],
  )
  add('Loki push: 5000 labels on a stream', pushLabels(at, 5000), [400])
  add('Loki push: 20,000 streams', pushStreams(at, 20_000), [400, 429])
  add('collector traces: a span of 50,000 attributes', manyAttributes(at, 50_000), [200])
  add('collector metrics: 100,000 series', manySeries(at, 100_000), [200])
  const scraped = get(at, 'max(scrape_samples_scraped)')
  const before = [{ ...scraped, until: /"\d{6,}"\]/ }]
  attacks.push({
    name: 'Prometheus: all of 100,000 series',
    before,
    request: get(at, 'explosion_total'),
    expect: [200, 422],
  })
  return attacks
}

const get = (at: (port: number) => string, query: string): Ask => ({
  url: `${at(9090)}/api/v1/query?query=${encodeURIComponent(query)}`,
})

function otlp(url: string, body: object): Ask {
  return { url, headers: JSON_TYPE, body: JSON.stringify(body) }
}

function manyAttributes(at: (port: number) => string, count: number): Ask {
  const attributes = Array.from({ length: count }, (_, i) => ({ key: `key.${i}`, value: { stringValue: 'x' } }))
  const nanos = now()
  const span = {
    traceId: 'cd'.repeat(16),
    spanId: 'ef'.repeat(8),
    name: 'x',
    startTimeUnixNano: nanos,
    endTimeUnixNano: nanos,
  }
  return otlp(`${at(4318)}/v1/traces`, { resourceSpans: [{ scopeSpans: [{ spans: [{ ...span, attributes }] }] }] })
}

function manySeries(at: (port: number) => string, count: number): Ask {
  const timeUnixNano = now()
  const dataPoints = Array.from({ length: count }, (_, i) => ({
    attributes: [{ key: 'n', value: { stringValue: String(i) } }],
    timeUnixNano,
    asInt: '1',
  }))
  const metrics = [{ name: 'explosion', sum: { dataPoints, isMonotonic: true, aggregationTemporality: 2 } }]
  return otlp(`${at(4318)}/v1/metrics`, { resourceMetrics: [{ scopeMetrics: [{ metrics }] }] })
}

function remoteWrite(url: string, body: Uint8Array): Ask {
  return { url, headers: { ...PROTOBUF, 'content-encoding': 'snappy' }, body }
}

const now = () => `${Date.now()}000000`

function pushLabels(at: (port: number) => string, count: number): Ask {
  const stream = Object.fromEntries(Array.from({ length: count }, (_, i) => [`label_${i}`, 'x']))
  return push(at, [{ stream, values: [[now(), 'line']] }])
}

function pushStreams(at: (port: number) => string, count: number): Ask {
  return push(
    at,
    Array.from({ length: count }, (_, i) => ({
      stream: { job: 'explosion', n: String(i) },
      values: [[now(), 'line']],
    })),
  )
}

function push(at: (port: number) => string, streams: object[]): Ask {
  return { url: `${at(3100)}/loki/api/v1/push`, headers: JSON_TYPE, body: JSON.stringify({ streams }) }
}
