import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { distributionOf, quantile } from '../../src/latency/distribution.ts'
import { budgetOf, deadlineFor, type Intervals, readHistory, rememberLatency } from '../../src/latency.ts'

const sighting = (latency: number, stepMs = 10) => ({ what: '', madeAt: 1_000, seenAt: 1_000 + latency, stepMs })

test('nearest ranks, and what the polling step hides', () => {
  const values = Array.from({ length: 20 }, (_, i) => sighting((i + 1) * 100))
  expect(distributionOf(values)).toMatchObject({
    count: 20,
    min: 100,
    median: 1000,
    p95: 1900,
    max: 2000,
    bounded: false,
  })
  expect(distributionOf([sighting(15), sighting(-3)])).toMatchObject({ min: 0, max: 15, bounded: true, stepMs: 10 })
  expect(distributionOf([])).toBeUndefined()
  expect(quantile([7], 0.95)).toBe(7)
})

const intervals: Intervals = {
  spanDelay: 200,
  logDelay: 200,
  metricInterval: 1_000,
  batchTimeout: { traces: 1_000, metrics: 1_000, logs: 500 },
  traceIdle: 1_000,
  flushCheck: 1_000,
  queryEndCutoff: 0,
  scrapeInterval: 15_000,
}

test('what the intervals make of it', () => {
  expect(budgetOf('trace-by-id', intervals)).toMatchObject({ mean: 600, max: 1_200 })
  expect(budgetOf('trace-by-search', intervals)).toMatchObject({ mean: 2_100, max: 3_200 })
  expect(budgetOf('logs', intervals)).toMatchObject({ mean: 350, max: 700 })
  expect(budgetOf('metrics', intervals)).toMatchObject({ mean: 8_500, max: 17_000 })
  // Tempo's default cutoff hides all that comes before it.
  const cutoff = budgetOf('trace-by-search', { ...intervals, queryEndCutoff: 30_000 })
  expect(cutoff).toEqual({
    waits: [{ name: 'query_end_cutoff', ms: 30_000, kind: 'whole' }],
    mean: 30_000,
    max: 30_000,
  })
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
