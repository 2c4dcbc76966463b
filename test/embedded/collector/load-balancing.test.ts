import { readFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import { createRing } from '../../../src/embedded/collector/load-balancing/ring.ts'
import { createTap } from '../../../src/embedded/collector/tap.ts'
import type { TracesData } from '../../../src/otlp/types.ts'
import { Random } from '../../support/random.ts'
import { type Bench, bench, spans, until } from './support.ts'

let open: Bench | undefined
afterEach(() => open?.end())

test("a thousand trace ids go to the endpoints that the real one's ring has for them", () => {
  const random = new Random(3)
  const id = () => Array.from({ length: 32 }, () => random.below(16).toString(16)).join('')
  const ids = Array.from({ length: 1_000 }, () => Buffer.from(id(), 'hex'))
  // Made by loadbalancingexporter's consistent_hashing.go at v0.159.0: the endpoints, and the number of each id's.
  const sets = readFileSync('test/embedded/collector/load-balancing.txt', 'utf8').trim().split('\n')
  for (const line of sets) {
    const [names, chosen] = line.split(' ') as [string, string]
    const endpoints = names.split(',')
    const ring = createRing(endpoints)
    expect(ids.map((one) => endpoints.indexOf(ring(one))).join('')).toBe(chosen)
  }
})

const config = (exporter: string) => `
receivers: {otlp: {protocols: {grpc: {}}}}
exporters:
  load_balancing:
    protocol: {otlp: {tls: {insecure: true}, sending_queue: {enabled: false}}}
    ${exporter}
service:
  pipelines: {traces: {receivers: [otlp], exporters: [load_balancing]}}
`

async function twoBackends() {
  open = await bench()
  const [a, b] = [await open.backend(undefined, 'a'), await open.backend(undefined, 'b')]
  const namesAt = ({ got }: typeof a) =>
    got.flatMap(({ data }) =>
      (data as TracesData).flatMap(({ scopes }) => scopes.flatMap(({ items }) => items.map(({ name }) => name))),
    )
  return { a, b, namesAt }
}

function traces(count: number) {
  const json = spans(...Array.from({ length: count * 2 }, (_, i) => `${i >> 1}`))
  for (const [i, span] of json.resourceSpans[0]!.scopeSpans[0]!.spans.entries()) {
    span.traceId = (1_000_003 * ((i >> 1) + 1)).toString(16).padStart(32, '0')
  }
  return json
}

test('traces are shared among backends, each of them whole at one, and the tap knows which', async () => {
  const { a, b, namesAt } = await twoBackends()
  const tap = createTap()
  await open!.start(config('resolver: {static: {hostnames: [b, a:4317]}}'), tap)
  await open!.send('traces', traces(50))
  await until(() => namesAt(a).length + namesAt(b).length === 100)
  const [atA, atB] = [new Set(namesAt(a)), new Set(namesAt(b))]
  expect(atA.size).toBeGreaterThan(5)
  expect(atB.size).toBeGreaterThan(5)
  expect([...atA].filter((name) => atB.has(name))).toEqual([])
  const sent = tap.passages({}).filter(({ kind, step }) => kind === 'exporter' && step === 'sent')
  expect(sent.map(({ id }) => id)).toEqual(['load_balancing', 'load_balancing'])
  expect(new Set(sent.map(({ peer, items }) => `${peer} ${items}`))).toEqual(
    new Set([`a:4317 ${atA.size * 2}`, `b:4317 ${atB.size * 2}`]),
  )
})

test('by service, what one service sends comes to one backend', async () => {
  const { a, b, namesAt } = await twoBackends()
  await open!.start(config('resolver: {static: {hostnames: [a, b]}}\n    routing_key: service'))
  await open!.send('traces', traces(20))
  await until(() => namesAt(a).length + namesAt(b).length === 40)
  expect([a, b].filter((one) => namesAt(one).length > 0)).toHaveLength(1)
})
