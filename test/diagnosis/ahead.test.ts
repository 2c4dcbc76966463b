import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { prometheusClient } from '../../src/backends/prometheus.ts'
import { checkBackends } from '../../src/commands/doctor/stack.ts'
import { whyNoSeries } from '../../src/diagnosis/why-empty.ts'
import { createNetwork } from '../../src/embedded/network.ts'
import { startPrometheus } from '../../src/embedded/prometheus/prometheus.ts'
import { openStore } from '../../src/embedded/prometheus/store.ts'
import { labelsFrom } from '../../src/embedded/series/labels.ts'

/** A Prometheus whose store got a sample at that distance from now. */
async function withSample(aheadMs: number, work: (url: string) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'ahead-'))
  const limits = { outOfOrderWindowMs: 0, retentionMs: 1e9, retentionBytes: 1e9, maxExemplars: 1, seriesLimit: 10 }
  const store = await openStore({ dir: join(dir, 'journal'), log: () => {}, ...limits })
  const series = store.head.getOrCreate(labelsFrom([['__name__', 'old']]))
  await store.commit([{ series, time: Date.now() + aheadMs, value: 1, stale: false }], [])
  await store.close()
  const service = await startPrometheus({
    name: 'prometheus',
    network: { ...createNetwork({ portOffset: 0 }), bindPort: () => 0 },
    dataDir: dir,
    configText: '',
    configPath: 'prometheus.yml',
    env: {},
    log: () => {},
  })
  try {
    await work(`http://127.0.0.1:${service.ports().http}`)
  } finally {
    await service.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

const asked = () => ({
  window: { start: Date.now() - 60_000, end: Date.now() },
  ranged: false,
  signal: new AbortController().signal,
})
const nobody = { url: 'http://127.0.0.1:9' }

test('samples of a clock that was two hours ahead are told of by doctor and by a query that finds nothing', () =>
  withSample(7_200_000, async (url) => {
    const why = await whyNoSeries(prometheusClient({ url }), 'new_total', asked())
    expect(why).toMatch(/holds samples of .*, (2 h|1 h 59 min)/)
    expect(why).toContain('otel-lab down --volumes')
    const findings = await checkBackends({ tempo: nobody, loki: nobody, prometheus: { url } })
    expect(findings.find(({ title }) => title === 'Clock')).toMatchObject({
      state: 'warning',
      seen: expect.stringContaining('ahead of this clock'),
      next: expect.stringContaining('Set the clock right'),
    })
  }))

test('samples of now are not', () =>
  withSample(0, async (url) => {
    expect(await whyNoSeries(prometheusClient({ url }), 'new_total', asked())).not.toContain('ahead')
    const findings = await checkBackends({ tempo: nobody, loki: nobody, prometheus: { url } })
    expect(findings.map(({ title }) => title)).not.toContain('Clock')
  }))
