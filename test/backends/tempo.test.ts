import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type TempoClient, tempoClient } from '../../src/backends/tempo.ts'
import { errorOf, spanTree } from '../../src/backends/trace.ts'
import { startTempo } from '../../src/embedded/tempo/tempo.ts'
import { QueryError } from '../../src/errors.ts'
import { httpRequest } from '../../src/util/http.ts'
import { type EmbeddedParts, embeddedParts } from '../support/embedded.ts'

const CONFIG = `
distributor: {receivers: {otlp: {protocols: {http: {endpoint: 0.0.0.0:4318}}}}}
live_store: {max_trace_idle: 50ms, max_trace_live: 5s, flush_check_period: 20ms}
query_frontend: {query_end_cutoff: 0s}
`
const ID = '00000000000000000000000000abcdef'

let parts: EmbeddedParts
let tempo: TempoClient
const now = Date.now()
const window = { start: now - 60_000, end: now + 1_000 }

beforeAll(async () => {
  parts = await embeddedParts()
  tempo = tempoClient({ url: `${(await parts.start('tempo', startTempo, CONFIG)).url}/` })
  const otlp = parts.network.resolve('x', 'tempo', 4318)!
  const nanos = (ms: number) => String(BigInt(now - 10_000 + ms) * 1_000_000n)
  const span = (n: number, parent: number | undefined, name: string, more = {}) => ({
    traceId: ID,
    spanId: String(n).padStart(16, '0'),
    ...(parent === undefined ? {} : { parentSpanId: String(parent).padStart(16, '0') }),
    name,
    kind: 2,
    startTimeUnixNano: nanos(n * 10),
    endTimeUnixNano: nanos(500),
    ...more,
  })
  const spans = [
    span(3, 2, 'step', {
      status: { code: 2 },
      attributes: [
        { key: 'big', value: { intValue: '9007199254740993' } },
        { key: 'small', value: { intValue: '7' } },
        { key: 'list', value: { arrayValue: { values: [{ boolValue: true }, { doubleValue: 0.5 }] } } },
      ],
      events: [
        {
          name: 'exception',
          timeUnixNano: nanos(40),
          attributes: [
            { key: 'exception.type', value: { stringValue: 'BadScan' } },
            { key: 'exception.message', value: { stringValue: 'no voxels' } },
          ],
        },
      ],
    }),
    span(1, undefined, 'root'),
    span(2, 1, 'file', { status: { code: 2, message: 'gone' } }),
  ]
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'app' } }] }
  const body = { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'lib', version: '1' }, spans }] }] }
  const answer = await httpRequest(`http://${otlp.host}:${otlp.port}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(answer.status).toBe(200)
})
afterAll(() => parts.close())

test('a trace by its id, whatever way the id is written, with hex ids and typed attributes', async () => {
  expect(await tempo.ready()).toEqual({ ready: true, said: 'ready' })
  const trace = (await tempo.traceById('ABCDEF'))!
  expect(trace.traceId).toBe(ID)
  expect(trace.spans.map(({ name }) => name)).toEqual(['root', 'file', 'step'])
  const [root, file, step] = trace.spans as [(typeof trace.spans)[0], (typeof trace.spans)[0], (typeof trace.spans)[0]]
  expect(root).toMatchObject({
    traceId: ID,
    spanId: '0000000000000001',
    kind: 'server',
    status: { code: 'unset', message: '' },
    resource: { 'service.name': 'app' },
    scope: { name: 'lib', version: '1' },
    startNs: BigInt(now - 9_990) * 1_000_000n,
  })
  expect(root).not.toHaveProperty('parentSpanId')
  expect(step.attributes).toEqual({ big: 9007199254740993n, small: 7, list: [true, 0.5] })
  expect([errorOf(root), errorOf(file), errorOf(step)]).toEqual(['', 'gone', 'BadScan: no voxels'])
  const tree = spanTree(trace.spans)
  expect(tree).toHaveLength(1)
  expect(tree[0]!.children[0]!.children[0]!.span).toBe(step)
})

test('what is not there is undefined; what is no id is said', async () => {
  expect(await tempo.traceById('1')).toBeUndefined()
  await expect(tempo.traceById('xyz')).rejects.toMatchObject({ code: 'bad-trace-id', exit: 2 })
})

test('search, tags and metrics', async () => {
  await vi.waitFor(async () => expect(await tempo.search('{name="step"}', { window })).toHaveLength(1), {
    timeout: 5000,
  })
  const [found] = await tempo.search('{name="step"} | select(span.small)', { window })
  expect(found).toMatchObject({ traceId: ID, rootService: 'app', rootName: 'root', matched: 1, durationMs: 490 })
  expect(found!.spans).toMatchObject([
    { spanId: '0000000000000003', attributes: { small: 7 }, durationNs: 470_000_000n },
  ])
  expect(found!.services).toEqual({ app: { spanCount: 3, errorCount: 2 } })
  expect(await tempo.search('{name="nothing"}', { window })).toEqual([])
  expect(await tempo.tags({ window })).toMatchObject({
    resource: ['service.name'],
    span: expect.arrayContaining(['small']),
  })
  expect(await tempo.tagValues('resource.service.name', { window })).toEqual(['app'])
  const series = await tempo.metricsRange('{} | count_over_time() by (name)', window, { step: 1_000 })
  const sums = series.map(({ labels, samples }) => [labels.name, samples.reduce((sum, { value }) => sum + value, 0)])
  expect(Object.fromEntries(sums)).toEqual({ root: 1, file: 1, step: 1 })
})

test('a refused query points at the fault', async () => {
  const error = await tempo.search('{ name = }').catch((e: unknown) => e as QueryError)
  expect(error).toBeInstanceOf(QueryError)
  expect(error).toMatchObject({ query: '{ name = }', position: 9, message: expect.stringContaining('unexpected }') })
})
