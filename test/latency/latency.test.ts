import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Passage } from '../../src/engine.ts'
import { accountOf } from '../../src/latency/account.ts'
import { distributionOf, quantile } from '../../src/latency/distribution.ts'
import { forDoors } from '../../src/latency/door.ts'
import { pollFor } from '../../src/latency/poll.ts'
import { momentOf, type Sighting } from '../../src/latency/sighting.ts'
import { readWaits } from '../../src/latency/waits.ts'
import { budgetOf, compare, deadlineFor, readHistory, rememberLatency, sdkOf } from '../../src/latency.ts'

const sighting = (latency: number, errorMs = 10) => ({ madeAt: 1_000, seenAt: 1_000 + latency, errorMs })

test('nearest ranks, and what the polling may be off by', () => {
  const values = Array.from({ length: 20 }, (_, i) => sighting((i + 1) * 100))
  const figures = { count: 20, min: 100, median: 1000, mean: 1050, p95: 1900, max: 2000, errorMs: 10 }
  expect(distributionOf(values)).toMatchObject(figures)
  expect(distributionOf([sighting(15), sighting(-3)])).toMatchObject({ min: 0, max: 15 })
  expect(distributionOf([])).toBeUndefined()
  expect(quantile([7], 0.95)).toBe(7)
})

test('a sighting lies between two looks, and never before the making', () => {
  expect(momentOf({ before: 1_000, began: 1_100, ended: 1_120 }, 500)).toEqual({
    seenAt: 1_070,
    errorMs: 50,
    queryMs: 20,
  })
  // Made after the look before.
  expect(momentOf({ before: 1_000, began: 1_100, ended: 1_120 }, 1_080)).toMatchObject({ seenAt: 1_110, errorMs: 10 })
  // Nobody looked before.
  expect(momentOf({ before: undefined, began: 1_100, ended: 1_100 }, 1_000)).toMatchObject({
    seenAt: 1_050,
    errorMs: 50,
  })
})

test('asks ever more seldom, and to a few per cent of what it found', async () => {
  const began = performance.now()
  const asked: number[] = []
  const now = () => performance.now() - began
  const found = await pollFor({ now, deadline: () => 5_000, age: now }, async () => {
    asked.push(now())
    return now() > 1_500 ? 'there' : undefined
  })
  expect(found).toMatchObject({ answer: 'there' })
  expect((found!.at - found!.lastMiss!) / found!.at).toBeLessThan(0.1)
  expect(asked.length).toBeLessThan(80)
  const soon = now() + 20
  expect(await pollFor({ now, deadline: () => soon, age: () => 0 }, async () => undefined)).toBeUndefined()
})

const collector = () => readFile('stack/configs/otel-collector-config.yaml', 'utf8')
const tempo = () => readFile('stack/configs/tempo.yaml', 'utf8')
const targets = [
  { url: 'http://otel-collector:8889/metrics', interval: '15s' },
  { url: 'http://otel-collector:8888/metrics', interval: '60s' },
]

test('what the configs make of it', async () => {
  const configs = { collector: await collector(), tempo: await tempo() }
  const sdk = sdkOf(
    { OTEL_BLRP_SCHEDULE_DELAY: '300' },
    { OTEL_BSP_SCHEDULE_DELAY: '200', OTEL_BLRP_SCHEDULE_DELAY: '9' },
  )
  const waits = await readWaits({ configs, targets, sdk, env: {} })
  expect(budgetOf(waits['trace-by-id'])).toMatchObject({ min: 0, mean: 600, max: 1_200 })
  expect(budgetOf(waits['trace-by-search'])).toMatchObject({ min: 1_000, mean: 2_100, max: 3_200 })
  expect(budgetOf(waits.logs)).toMatchObject({ mean: 650, max: 1_300 })
  expect(budgetOf(waits.metrics)).toMatchObject({ mean: 38_000, max: 76_000 })
  // Whoever sends at once waits for the lab alone; a page that is not the exporter's is no door.
  const probes = await readWaits({ configs, targets, sdk: undefined, env: {} })
  expect(probes.metrics.map(({ name, ms }) => [name, ms])).toEqual([
    ['batch.timeout', 1_000],
    ['scrape_interval', 15_000],
  ])
  // sending_queue's clock begins with the first item; Tempo's default cutoff hides all that comes before it.
  const queued = configs.collector
    .replaceAll('resource, batch]', 'resource]')
    .replace('retry_on_failure:', 'sending_queue: {batch: {flush_timeout: 2s, sizer: items}}\n    retry_on_failure:')
  const other = await readWaits({ configs: { collector: queued, tempo: '' }, targets, sdk: undefined, env: {} })
  expect(budgetOf(other['trace-by-id'])).toMatchObject({ min: 2_000, mean: 2_000, max: 2_000 })
  expect(budgetOf(other['trace-by-search'])).toMatchObject({ mean: 30_000 })
})

const TRACE = 'a'.repeat(32)
const RUN = 'run-1'
let seq = 0
const passage = (
  at: number,
  kind: Passage['kind'],
  id: string,
  step: Passage['step'],
  more: Partial<Passage> = {},
): Passage => ({
  ...{ seq: ++seq, at, signal: 'traces', kind, id, step, items: 1 },
  ...{ runIds: [RUN], traceIds: [TRACE], services: [], byRun: { [RUN]: 1 }, cameAs: [RUN] },
  ...more,
})
const seen = (door: Sighting['door'], seenAt: number, more: Partial<Sighting> = {}): Sighting => ({
  ...{ door, what: TRACE, runId: RUN, traceId: TRACE, madeAt: 1_000, seenAt, errorMs: 5, queryMs: 10 },
  ...more,
})

test('each hop from what the tap saw; they add up to the whole', async () => {
  const waits = await readWaits({
    configs: { collector: await collector(), tempo: await tempo() },
    targets,
    sdk: sdkOf({}),
    env: {},
  })
  const passages = [
    // Another trace's, and the debug exporter, which takes it nowhere.
    passage(1_100, 'receiver', 'otlp', 'in', { traceIds: ['b'.repeat(32)] }),
    passage(3_000, 'receiver', 'otlp', 'in', { protocol: 'OTLP/gRPC' }),
    passage(3_001, 'receiver', 'otlp', 'out'),
    passage(3_001, 'processor', 'resource', 'in'),
    passage(3_002, 'processor', 'resource', 'out'),
    passage(3_002, 'processor', 'batch', 'in'),
    passage(3_702, 'processor', 'batch', 'out'),
    passage(3_703, 'exporter', 'debug', 'in'),
    passage(3_704, 'exporter', 'debug', 'sent'),
    passage(3_704, 'exporter', 'otlp_grpc/tempo', 'in'),
    passage(3_800, 'exporter', 'otlp_grpc/tempo', 'retrying', { said: 'connection refused' }),
    passage(5_904, 'exporter', 'otlp_grpc/tempo', 'sent', { protocol: 'OTLP/gRPC', peer: 'tempo:4317' }),
  ]
  const sightings = forDoors(() => [] as Sighting[])
  sightings['trace-by-id'].push(seen('trace-by-id', 5_930))
  sightings['trace-by-search'].push(seen('trace-by-search', 7_500))
  const account = accountOf('trace-by-search', { sightings, passages, waits })!
  expect(account.hops.map(({ key, mean, known }) => [key, Math.round(mean), known])).toEqual([
    ['sdk', 2_000, 'measured'],
    ['receive', 2, 'measured'],
    ['processor/batch', 700, 'measured'],
    ['exporter/otlp_grpc/tempo', 2_202, 'measured'],
    ['ingest', 16, 'derived'],
    ['cut', 1_570, 'derived'],
    ['query', 10, 'measured'],
  ])
  expect(account.hops.reduce((sum, { mean }) => sum + mean, 0)).toBeCloseTo(account.whole.mean, 6)
  expect(account.findings).toEqual([
    expect.objectContaining({ hop: 'exporter/otlp_grpc/tempo', cause: 'it was tried again: connection refused' }),
  ])
  // Where nobody looks inside, the configs predict and the rest is left unexplained.
  const blind = accountOf('trace-by-id', { sightings, passages: [], waits })!
  expect(blind.hops.map(({ key, mean, known }) => [key, Math.round(mean), known])).toEqual([
    ['sdk', 2_500, 'predicted'],
    ['processor/batch', 500, 'predicted'],
    ['unexplained', 1_920, 'unexplained'],
    ['query', 10, 'measured'],
  ])
  expect(blind.findings).toMatchObject([{ hop: 'unexplained' }])
})

test('without a tap, what the configs predict is said to be predicted, and nobody is blamed for it', async () => {
  const configs = { collector: await collector(), tempo: await tempo() }
  const waits = await readWaits({ configs, targets, sdk: sdkOf({}), env: {} })
  const sightings = forDoors(() => [] as Sighting[])
  sightings['trace-by-id'].push(seen('trace-by-id', 4_060))
  sightings['trace-by-search'].push(seen('trace-by-search', 5_500))
  sightings.metrics.push(seen('metrics', 46_000, { sampledAt: 45_900 }))
  const hops = (door: Sighting['door']) => {
    const account = accountOf(door, { sightings, passages: [], waits })!
    expect(account.findings).toEqual([])
    expect(account.hops.reduce((sum, { mean }) => sum + mean, 0)).toBeCloseTo(account.whole.mean)
    return account.hops.map(({ key, mean, known }) => [key, Math.round(mean), known])
  }
  expect(hops('trace-by-search')).toEqual([
    ['sdk', 2_500, 'predicted'],
    ['processor/batch', 500, 'predicted'],
    ['unexplained', 50, 'unexplained'],
    ['cut', 1_440, 'derived'],
    ['query', 10, 'measured'],
  ])
  // Prometheus' visit is what the waits before it leave: 44,900 less 30,000 and 500.
  expect(hops('metrics')).toEqual([
    ['sdk', 30_000, 'predicted'],
    ['processor/batch', 500, 'predicted'],
    ['scrape', 14_400, 'derived'],
    ['ingest', 90, 'derived'],
    ['query', 10, 'measured'],
  ])
})

test('whether a difference is more than noise', () => {
  // R: wilcox.test(c(1.1,2.2,3.3,4.4), c(5.5,6.6,7.7,8.8)) p = 0.02857
  expect(compare([1.1, 2.2, 3.3, 4.4], [5.5, 6.6, 7.7, 8.8])).toMatchObject({
    real: true,
    p: expect.closeTo(0.02857, 4),
  })
  // R: wilcox.test(c(1,4,7), c(2,5,8)) p = 0.7
  expect(compare([1, 4, 7], [2, 5, 8])).toMatchObject({ real: false, p: expect.closeTo(0.7, 6), difference: 1 })
  const many = Array.from({ length: 40 }, (_, i) => (i * 37) % 100)
  expect(compare(many, many).p).toBeCloseTo(1, 6)
  expect(
    compare(
      many,
      many.map((one) => one + 60),
    ).p,
  ).toBeLessThan(1e-4)
  expect(compare([1, 2], [100, 200])).toMatchObject({ p: undefined, real: false })
})

test('deadlines follow what was measured in this lab, and never fall below the least', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'latency-'))
  const path = join(dir, 'deep', 'latency.json')
  try {
    expect(await readHistory(path)).toEqual({})
    expect(deadlineFor('logs', {}, 10_000)).toBe(10_000)
    await rememberLatency(path, { logs: distributionOf([sighting(9_000)]), metrics: undefined })
    await rememberLatency(path, { logs: distributionOf([sighting(400.4)]) })
    const history = await readHistory(path)
    expect(history).toEqual({ logs: [9_000, 400] })
    expect(deadlineFor('logs', history, 10_000)).toBe(27_000)
    expect(deadlineFor('logs', { logs: [9_000, 400, 300, 200] }, 10_000)).toBe(10_000)
    expect(deadlineFor('logs', { logs: [1e9] }, 10_000)).toBe(180_000)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})
