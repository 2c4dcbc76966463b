import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { UNTRACKED } from '../../../src/embedded/collector/delivery.ts'
import { createShard } from '../../../src/embedded/collector/processors/batch/shard.ts'
import { requestFromJson } from '../../../src/otlp/json.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'work' }
const payload = () => ({
  signal: 'traces' as const,
  data: requestFromJson('traces', { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  delivery: UNTRACKED,
})

function shardOf(size = 100) {
  const sent: { at: number; items: number }[] = []
  const began = performance.now()
  const shard = createShard({
    signal: 'traces',
    timeout: 1000,
    size,
    max: 0,
    pass: async (_data, items) => void sent.push({ at: Math.round(performance.now() - began), items }),
  })
  return { shard, sent }
}

test('the clock runs from the start, so that what comes alone waits for the rest of a round', async () => {
  const { shard, sent } = shardOf()
  for (const wait of [300, 1600, 1050]) {
    await vi.advanceTimersByTimeAsync(wait)
    void shard.add(payload(), 1)
  }
  await vi.advanceTimersByTimeAsync(3000)
  // Made at 300, 1900 and 2950.
  expect(sent).toEqual([
    { at: 1000, items: 1 },
    { at: 2000, items: 1 },
    { at: 3000, items: 1 },
  ])
})

test('a batch that is full begins a new round', async () => {
  const { shard, sent } = shardOf(2)
  await vi.advanceTimersByTimeAsync(700)
  void shard.add(payload(), 1)
  void shard.add(payload(), 1)
  await vi.advanceTimersByTimeAsync(500)
  void shard.add(payload(), 1)
  await vi.advanceTimersByTimeAsync(1000)
  expect(sent).toEqual([
    { at: 700, items: 2 },
    { at: 1700, items: 1 },
  ])
})
