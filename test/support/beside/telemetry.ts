import type { Signal } from '../../../src/otlp/types.ts'
import { Random } from '../random.ts'

type Json = Record<string, unknown>

/** When the first item began; each later one begins a millisecond behind, by which it is known again. */
export const BEGAN = 1_544_712_660_000_000_000n
const ITEMS = 1_000

/** The number of an item by the time that it bears. */
export const numberOf = (time: string) => Number((BigInt(time) - BEGAN) / 1_000_000n)

/** A thousand items of a signal in requests of several resources and scopes: the same for the same seed. */
export function requestsOf(signal: Signal, seed = 7): Json[] {
  const random = new Random(seed + signal.length)
  const itemOf = { traces: spanMaker(random), logs: logMaker(random), metrics: metricMaker(random) }[signal]
  const [resources, scopes, items] = {
    traces: ['resourceSpans', 'scopeSpans', 'spans'],
    logs: ['resourceLogs', 'scopeLogs', 'logRecords'],
    metrics: ['resourceMetrics', 'scopeMetrics', 'metrics'],
  }[signal] as [string, string, string]
  const some = <T>(most: number, make: () => T) => Array.from({ length: 1 + random.below(most) }, make)
  const requests: Json[] = []
  for (let made = 0; made < ITEMS; ) {
    const scope = () => ({
      scope: { name: random.pick(['http', 'db', 'app']), version: '1', ...maybeAttributes(random) },
      [items]: some(Math.min(8, ITEMS - made), () => (made < ITEMS ? itemOf(made++) : undefined)).filter(Boolean),
    })
    const group = () => ({ resource: resourceOf(random), [scopes]: some(2, scope) })
    requests.push({ [resources]: some(3, group) })
  }
  return requests
}

export function attributes(map: Record<string, unknown>): Json[] {
  const pairs = Object.entries(map).filter(([, value]) => value !== undefined)
  return pairs.map(([key, value]) => ({ key, value: anyValue(value) }))
}

function anyValue(value: unknown): Json {
  if (value === null) return {}
  if (typeof value === 'string') return { stringValue: value }
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'bigint') return { intValue: String(value) }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  if (value instanceof Uint8Array) return { bytesValue: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } }
  return { kvlistValue: { values: attributes(value as Record<string, unknown>) } }
}

const resourceOf = (random: Random) => ({
  attributes: attributes({
    'service.name': random.pick(['shop', 'cart', 'pay', 'mail', 'admin']),
    env: random.pick(['prod', 'test', undefined]),
    tenant: random.pick(['acme', 'globex', undefined]),
    'db.password': random.chance(0.3) ? 'hunter2' : undefined,
  }),
})

const maybeAttributes = (random: Random) =>
  random.chance(0.2) ? { attributes: attributes({ layer: random.pick(['in', 'out']), card: '4111111111111111' }) } : {}

const hex = (random: Random, digits: number) =>
  Array.from({ length: digits }, () => random.below(16).toString(16)).join('')

const STATES = [
  ...['ot=th:8', 'ot=th:c;rv:d0000000000000', 'ot=th:0', 'vendor=x,ot=th:4', 'svc=one', 'svc=two,ot=x:1;th:fd70a4'],
  ...['ot=rv:12345678901234', 'ot=bad', 'ot=th:', 'ot=th:1234567890abcdef', 'a=b;c', '=', 'ot=p:8;r:62', ' svc = x'],
]

const VALUES = [
  ...['me@example.com', 'card 4111 1111 1111 1111 of me', '5105105105105100', 'GET /user/17?token=abc', 'plain', ''],
  ...['10.0.0.1', 'password=hunter2', 'a,b', 'trusted@example.org', 'Ünï', 'https://example.com/a/1234'],
]

/** What any item may bear. */
function common(random: Random): Record<string, unknown> {
  return {
    'http.status_code': random.pick([200, 204, 301, 404, 500, 503, '500', 200.5, undefined]),
    'http.method': random.pick(['GET', 'POST', 'PUT', undefined]),
    env: random.pick(['prod', 'test', undefined, undefined]),
    flag: random.pick([true, false, 'true', undefined]),
    ratio: random.pick([0.25, 1.5, -3, undefined]),
    user: random.pick(['ann', 'bob', 'cid', 7, new Uint8Array([1, 2, 255]), '', undefined]),
    text: random.pick(VALUES),
    email: random.pick([...VALUES, undefined, undefined]),
    api_key: random.pick(['abc123', undefined, undefined, 42]),
    nested: random.pick([{ card: '4111111111111111', deep: { email: 'x@y.zz' } }, undefined, undefined]),
    list: random.pick([['a', 'me@example.com', 5], undefined, undefined]),
  }
}

function spanMaker(random: Random) {
  const traces: string[] = []
  return (i: number) => {
    if (traces.length === 0 || random.chance(0.4)) traces.push(hex(random, 32))
    const traceId = traces[Math.max(0, traces.length - 1 - random.below(40))]!
    const start = BEGAN + BigInt(i) * 1_000_000n
    const priority = random.pick([0, 1, 2, 0.5, '1', '0', 'x', -1])
    return {
      traceId,
      spanId: hex(random, 16),
      ...(random.chance(0.7) && { parentSpanId: hex(random, 16) }),
      ...(random.chance(0.4) && { traceState: random.pick(STATES) }),
      ...(random.chance(0.5) && { flags: random.pick([1, 257, 256]) }),
      name: random.pick(['GET /', 'query', 'GET /user/17?token=abc', 'send', 'healthcheck']),
      kind: 1 + random.below(5),
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(start + BigInt(random.below(200)) * 1_000_000n),
      attributes: attributes({ ...common(random), 'sampling.priority': random.chance(0.1) ? priority : undefined }),
      events: Array.from({ length: random.pick([0, 0, 1, 2]) }, (_, j) => ({
        timeUnixNano: String(start + BigInt(j)),
        name: random.pick(['exception', 'retry', 'cache']),
        attributes: attributes({ 'exception.message': random.pick(VALUES), env: random.pick(['prod', 'test']) }),
      })),
      ...(random.chance(0.5) && { status: { code: random.below(3), message: '' } }),
    }
  }
}

function logMaker(random: Random) {
  const body = () =>
    random.pick([
      ...VALUES,
      { message: random.pick(VALUES), card: '4111111111111111', inner: { email: 'x@y.zz', ok: 1 } },
      [random.pick(VALUES), { email: 'x@y.zz' }],
      ...[5, 1.5, true, null],
    ])
  return (i: number) => ({
    timeUnixNano: String(BEGAN + BigInt(i) * 1_000_000n),
    observedTimeUnixNano: String(BEGAN),
    severityNumber: random.pick([0, 1, 5, 9, 13, 17, 21]),
    severityText: random.pick(['', 'INFO', 'WARN', 'ERROR']),
    body: anyValue(body()),
    ...(random.chance(0.6) && { traceId: hex(random, 32), spanId: hex(random, 16) }),
    attributes: attributes({
      ...common(random),
      'sampling.randomness': random.chance(0.15) ? random.pick([hex(random, 14), 'zz', hex(random, 5)]) : undefined,
      'sampling.threshold': random.chance(0.15) ? random.pick(['8', 'c', '0', 'fd70a4', 'xx', '']) : undefined,
      priority: random.chance(0.2) ? random.pick([100, 0, 25, 0.5, 250, '50', true]) : undefined,
    }),
  })
}

function metricMaker(random: Random) {
  return (i: number) => {
    const time = { startTimeUnixNano: String(BEGAN), timeUnixNano: String(BEGAN + BigInt(i) * 1_000_000n) }
    const points = (of: () => Json) =>
      Array.from({ length: 1 + random.below(3) }, () => ({ attributes: attributes(common(random)), ...time, ...of() }))
    const number = () => (random.chance(0.5) ? { asInt: String(random.below(100)) } : { asDouble: random.next() * 10 })
    const aggregationTemporality = 1 + random.below(2)
    const name = random.pick(['requests', 'latency', 'memory', 'queue.size'])
    const kind = random.below(5)
    if (kind === 0) return { name, unit: 's', gauge: { dataPoints: points(number) } }
    if (kind === 1) {
      return { name, sum: { aggregationTemporality, isMonotonic: random.chance(0.5), dataPoints: points(number) } }
    }
    if (kind === 2) {
      const buckets = () => ({ count: '6', sum: 7.5, bucketCounts: ['1', '2', '3'], explicitBounds: [1, 5] })
      return { name, histogram: { aggregationTemporality, dataPoints: points(buckets) } }
    }
    if (kind === 3) {
      const buckets = () => ({ count: '4', sum: 9, scale: 2, zeroCount: '1', positive: { bucketCounts: ['1', '2'] } })
      return { name, exponentialHistogram: { aggregationTemporality, dataPoints: points(buckets) } }
    }
    const quantiles = () => ({ count: '3', sum: 4.5, quantileValues: [{ quantile: 0.5, value: 1 }] })
    return { name, summary: { dataPoints: points(quantiles) } }
  }
}
