import { expect, test } from 'vitest'
import { type Edge, EdgeStore } from '../../../../src/embedded/tempo/generator/edges.ts'
import { countEdge, countSpans } from '../../../../src/embedded/tempo/generator/processors.ts'
import { Registry } from '../../../../src/embedded/tempo/generator/series.ts'
import { requestFromJson } from '../../../../src/otlp/json.ts'

const TRACE = '0a0000000000000000000000000000ff'
const CLIENT = 3
const SERVER = 2
const PRODUCER = 4
const CONSUMER = 5

interface Side {
  service: string
  kind: number
  id: string
  parent?: string
  ms?: number
  error?: boolean
  attributes?: Record<string, string>
}

function spans({ service, kind, id, parent = '', ms = 100, error = false, attributes = {} }: Side) {
  const pairs = (all: Record<string, string>) =>
    Object.entries(all).map(([key, value]) => ({ key, value: { stringValue: value } }))
  const span = {
    traceId: TRACE,
    spanId: id.padStart(16, '0'),
    parentSpanId: parent === '' ? '' : parent.padStart(16, '0'),
    name: 'x',
    kind,
    startTimeUnixNano: '1000000000',
    endTimeUnixNano: String(1_000_000_000 + ms * 1e6),
    attributes: pairs(attributes),
    status: error ? { code: 2 } : {},
  }
  return requestFromJson('traces', {
    resourceSpans: [{ resource: { attributes: pairs({ 'service.name': service }) }, scopeSpans: [{ spans: [span] }] }],
  })
}

function collector(settings: { maxItems?: number; dimensions?: string[] } = {}) {
  const edges: Edge[] = []
  const peerAttributes = ['peer.service', 'db.name']
  const store = new EdgeStore({ wait: 1000, maxItems: 100, dimensions: [], peerAttributes, ...settings }, (edge) =>
    edges.push(edge),
  )
  const seen = () => edges.map((e) => `${e.client} -> ${e.server} ${e.connectionType}${e.failed ? '!' : ''}`.trim())
  return { store, edges, seen }
}

test.each([
  ['client first', [0, 1]],
  ['server first', [1, 0]],
])('a call seen from both sides is one edge, %s', (_, order) => {
  const { store, edges, seen } = collector()
  const sides = [
    spans({ service: 'web', kind: CLIENT, id: '1', ms: 300 }),
    spans({ service: 'api', kind: SERVER, id: '2', parent: '1', ms: 200, error: true }),
  ]
  for (const i of order) store.add(sides[i]!, 0)
  expect(seen()).toEqual(['web -> api !'])
  expect(edges[0]).toMatchObject({ clientSeconds: 0.3, serverSeconds: 0.2 })
  store.expire(99_999)
  expect(edges).toHaveLength(1)
})

test('a queue and a database have connection types of their own; a database needs no second side', () => {
  const { store, seen } = collector()
  store.add(spans({ service: 'a', kind: PRODUCER, id: '1' }), 0)
  store.add(spans({ service: 'b', kind: CONSUMER, id: '2', parent: '1' }), 0)
  store.add(spans({ service: 'a', kind: CLIENT, id: '3', attributes: { 'db.system': 'pg' } }), 0)
  const address = { 'db.namespace': 'shop', 'network.peer.address': '10.0.0.1', 'network.peer.port': '5432' }
  store.add(spans({ service: 'a', kind: CLIENT, id: '4', attributes: address }), 0)
  expect(seen()).toEqual(['a -> b messaging_system', 'a -> pg database', 'a -> 10.0.0.1:5432 database'])
})

test('half an edge waits its time; then only roots and named peers count', () => {
  const { store, seen } = collector()
  store.add(spans({ service: 'api', kind: SERVER, id: '1' }), 0)
  store.add(spans({ service: 'api', kind: CLIENT, id: '2', attributes: { 'peer.service': 'pay' } }), 0)
  store.add(spans({ service: 'api', kind: CLIENT, id: '3' }), 0)
  store.add(spans({ service: 'api', kind: SERVER, id: '4', parent: '9' }), 0)
  store.expire(999)
  expect(seen()).toEqual([])
  store.expire(1000)
  expect(seen()).toEqual(['user -> api virtual_node', 'api -> pay virtual_node'])
})

test('internal spans make no edge, and no more halves are kept than may be', () => {
  const { store, seen } = collector({ maxItems: 2 })
  store.add(spans({ service: 'a', kind: 1, id: '1' }), 0)
  for (const id of ['2', '3', '4', '5']) store.add(spans({ service: 'a', kind: CLIENT, id }), 0)
  expect(store.dropped).toBe(2)
  for (const id of ['2', '4']) store.add(spans({ service: 'b', kind: SERVER, id: `f${id}`, parent: id }), 0)
  expect(seen()).toEqual(['a -> b'])
})

test('series start from zero once, count up, and are forgotten when the services call no more', () => {
  const settings = { buckets: [0.1, 0.2], dimensions: ['k8s.pod'] }
  const registry = new Registry({ externalLabels: [], staleDuration: 5000 })
  const { store, edges } = collector({ dimensions: ['k8s.pod'] })
  store.add(spans({ service: 'web', kind: CLIENT, id: '1', ms: 300, attributes: { 'k8s.pod': 'p' } }), 0)
  store.add(spans({ service: 'api', kind: SERVER, id: '2', parent: '1', ms: 150 }), 0)
  const at = 600_500
  countEdge(registry, edges[0]!, settings, at)
  const values = (when: number, done = true) => {
    const { series: all, sent } = registry.collect(when)
    if (done) sent()
    return Object.fromEntries(
      all.map(({ labels, samples }) => {
        const { __name__: name, le = '', ...rest } = Object.fromEntries(labels)
        expect(rest).toEqual({ client: 'web', server: 'api', k8s_pod: 'p' })
        return [`${name}${le && `{${le}}`}`, samples.map((s) => s.value)]
      }),
    )
  }
  const prefix = 'traces_service_graph_request'
  const first = {
    [`${prefix}_total`]: [0, 1],
    [`${prefix}_server_seconds_bucket{0.1}`]: [0, 0],
    [`${prefix}_server_seconds_bucket{0.2}`]: [0, 1],
    [`${prefix}_server_seconds_bucket{+Inf}`]: [0, 1],
    [`${prefix}_server_seconds_sum`]: [0.15],
    [`${prefix}_client_seconds_bucket{0.2}`]: [0, 0],
    [`${prefix}_client_seconds_count`]: [0, 1],
  }
  expect(values(at, false)).toMatchObject(first)
  // It did not arrive, so the zero is sent again.
  expect(values(at + 1)).toMatchObject(first)
  countEdge(registry, { ...edges[0]!, failed: true }, settings, at)
  expect(values(at + 2)).toMatchObject({ [`${prefix}_total`]: [2], [`${prefix}_failed_total`]: [0, 1] })
  expect(values(at + 6000)).toEqual({})
})

test('span metrics count calls and latency by service, name, kind and status', () => {
  const registry = new Registry({ externalLabels: [['lab', 'x']], staleDuration: 5000 })
  const settings = { buckets: [0.1, 0.2], dimensions: ['db.name'] }
  const call = { service: 'api', kind: SERVER, id: '1', ms: 150, attributes: { 'db.name': 'shop' } }
  countSpans(registry, spans(call), settings, 0)
  countSpans(registry, spans({ ...call, error: true }), settings, 0)
  countSpans(registry, spans(call), settings, 0)
  const seen = registry.collect(0).series.map(({ labels, samples }) => {
    const { __name__: name, status_code: code, le = '', ...rest } = Object.fromEntries(labels)
    expect(rest).toEqual({ service: 'api', span_name: 'x', span_kind: 'SPAN_KIND_SERVER', db_name: 'shop', lab: 'x' })
    return [`${name} ${code} ${le}`.trim(), samples.at(-1)!.value]
  })
  expect(Object.fromEntries(seen)).toMatchObject({
    'traces_spanmetrics_calls_total STATUS_CODE_UNSET': 2,
    'traces_spanmetrics_calls_total STATUS_CODE_ERROR': 1,
    'traces_spanmetrics_latency_bucket STATUS_CODE_UNSET 0.1': 0,
    'traces_spanmetrics_latency_bucket STATUS_CODE_UNSET 0.2': 2,
    'traces_spanmetrics_latency_count STATUS_CODE_ERROR': 1,
  })
})

test('labels past the limit are not counted', () => {
  const registry = new Registry({ externalLabels: [], staleDuration: 5000 })
  for (let i = 0; i < 2100; i++) registry.add('x', [['a', String(i)]], { counters: { n: 1 }, histograms: {} }, 0)
  expect(registry.dropped).toBe(100)
  expect(registry.collect(0).series).toHaveLength(2000)
})
