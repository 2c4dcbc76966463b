import { expect, test } from 'vitest'
import { forDoors } from '../../src/latency/door.ts'
import { boundOf, bucketRange, newHistogram, observe } from '../../src/latency/monitor/histogram.ts'
import { openMetricsPage, otlpMetrics } from '../../src/latency/monitor/publish.ts'
import { breachesOf, sloOf } from '../../src/latency/monitor/slo.ts'
import { createMonitor } from '../../src/latency/monitor.ts'
import { linesBack } from '../../src/latency/probe/looks.ts'
import { makeProbe } from '../../src/latency/probe/probe.ts'
import type { SessionEvent } from '../../src/latency/probe/session.ts'
import { requestFromJson } from '../../src/otlp/json.ts'

const sent = (sequence: number, madeAt: number): SessionEvent => ({
  type: 'sent',
  probe: { ...makeProbe(sequence, madeAt), sequence },
  acknowledged: { traces: madeAt + 1, metrics: madeAt + 1, logs: madeAt + 1 },
})
const seen = (sequence: number, madeAt: number, ms: number): SessionEvent => ({
  type: 'seen',
  door: 'logs',
  sighting: {
    ...{ door: 'logs', what: String(sequence), runId: 'r', traceId: 'a'.repeat(32) },
    ...{ madeAt, seenAt: madeAt + ms, errorMs: 1, queryMs: 1 },
  },
})

test('buckets grow by the eighth root of two and hold what they say', () => {
  const histogram = newHistogram()
  for (const value of [0, 0.1, 0.11, 0.5, 5]) observe(histogram, { value, traceId: 'x', at: 0 })
  const range = bucketRange(histogram)
  expect(histogram).toMatchObject({ count: 5, zeros: 1 })
  for (const index of range) {
    expect(boundOf(index) / boundOf(index - 1)).toBeCloseTo(2 ** (1 / 8), 9)
    const exemplar = histogram.buckets.get(index)?.exemplar
    if (!exemplar) continue
    expect(exemplar.value).toBeLessThanOrEqual(boundOf(index) * (1 + 1e-9))
    expect(exemplar.value).toBeGreaterThan(boundOf(index - 1))
  }
})

test('a watch remembers no more after twenty thousand probes than after a thousand', () => {
  const monitor = createMonitor(0)
  for (let i = 1; i <= 20_000; i++) {
    monitor.take(sent(i, i * 1_000))
    monitor.take(seen(i, i * 1_000, 300 + (i % 200)))
    for (const door of ['trace-by-id', 'metrics'] as const) {
      monitor.take({ type: 'missing', door, probe: makeProbe(i, i * 1_000) })
    }
    if (i % 1_000 === 0) monitor.takePassages([], i * 1_000 + 5_000)
  }
  const page = openMetricsPage(monitor.published())
  expect(page.length).toBeLessThan(20_000)
  expect(monitor.doors(0).every(({ outcomes }) => outcomes.length <= 600)).toBe(true)
  expect(page).toContain('otel_lab_probe_error_total{error="notfound_byid",door="trace-by-id"} 20000')
  expect(page).toMatch(/_bucket\{signal="logs",door="logs",hop="all",le="\+Inf"\} 20000/)
  expect(page).toMatch(/# \{trace_id="a{32}"\} 0\.\d+ \d+\.\d{3}\n/)
  expect(page.endsWith('# EOF\n')).toBe(true)
  // The same as OTLP.
  const otlp = requestFromJson('metrics', otlpMetrics(monitor.published(), 'r', 1e9))
  const [visibility] = otlp[0]!.scopes[0]!.items
  expect(visibility!.data).toMatchObject({ type: 'exponentialHistogram' })
})

test('two probes in a row that are not there in time break an objective, before any deadline', () => {
  const slo = sloOf('logs:p95<2s')
  const monitor = createMonitor(0)
  const broken = (now: number) => breachesOf([slo], monitor.states(now, slo.limitMs)).map(({ door }) => door)
  for (let i = 1; i <= 30; i++) {
    monitor.take(sent(i, i * 1_000))
    monitor.take(seen(i, i * 1_000, 500))
  }
  expect(broken(31_000)).toEqual([])
  monitor.take(sent(31, 31_000))
  monitor.take(sent(32, 32_000))
  expect(broken(33_500)).toEqual([])
  expect(broken(34_100)).toEqual(['logs'])
  expect(breachesOf([sloOf('p95<2s')], [{ door: 'metrics', outcomes: Array(40).fill(3_000) }])).toHaveLength(1)
  for (const bad of ['p95', 'p95<', 'p95<fast', 'p0<1s', 'nowhere:p95<1s', 'p95<0s']) expect(() => sloOf(bad)).toThrow()
})

test('lines that come doubled, late or changed are told apart', () => {
  const pending = [1, 2, 3, 4].map((n) => makeProbe(n, n))
  const [one, two, three] = pending.map(({ text }) => text)
  expect(linesBack([one!, three!, three!, two!, 'probe 4 of nothing'], pending)).toEqual([
    { sequence: 1 },
    { sequence: 2, fault: 'outoforder' },
    { sequence: 3, fault: 'duplicate' },
    { sequence: 4, fault: 'incorrectresult' },
  ])
  expect(Object.keys(forDoors(() => 0))).toHaveLength(7)
})

test('what was seen before the sender knew that it was taken is not overdue for ever', () => {
  const monitor = createMonitor(0)
  monitor.take(seen(1, 1_000, 300))
  monitor.take(sent(1, 1_000))
  monitor.take(sent(2, 2_000))
  const logs = () => monitor.states(60_000, 5_000).find(({ door }) => door === 'logs')!.outcomes
  expect(logs()).toEqual([300, Number.POSITIVE_INFINITY])
  monitor.take(seen(2, 2_000, 400))
  expect(logs()).toEqual([300, 400])
})
