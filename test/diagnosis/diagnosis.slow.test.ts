import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type DiagnosisLab, diagnosisLab } from './support.ts'

let lab: DiagnosisLab
beforeAll(async () => {
  lab = await diagnosisLab()
}, 60_000)
afterEach(() => lab.mend())
afterAll(() => lab?.close())

test('of a sound run every hop passed, by name, and it arrived', async () => {
  const run = await lab.run()
  const arrived = ({ hops, arrived }: { hops: { state: string }[]; arrived: boolean | undefined }) =>
    arrived === true && hops.every(({ state }) => state === 'passed')
  const [traces, metrics, logs] = await Promise.all([
    lab.settled(run, 'traces', arrived),
    lab.settled(run, 'metrics', arrived),
    lab.settled(run, 'logs', arrived),
  ])
  const names = (found: typeof traces) => found.hops.map(({ hop, id }) => (id ? `${hop} ${id}` : hop))
  expect(names(traces)).toEqual([
    ...['app', 'sdk', 'sampling', 'export', 'receiver otlp'],
    ...['memory_limiter', 'filter/health', 'resource', 'batch'].map((id) => `processor ${id}`),
    ...['exporter otlp_grpc/tempo', 'backend tempo', 'query'],
  ])
  expect(names(metrics).slice(-4)).toEqual(['exporter prometheus', 'scrape', 'backend prometheus', 'query'])
  expect(names(logs)).toContain('exporter otlp_http/loki')
  for (const found of [traces, metrics, logs]) {
    expect(found).toMatchObject({ runId: run.runId, arrived: true })
    expect(found.broken).toBeUndefined()
    expect(found.hops.every(({ state }) => state === 'passed')).toBe(true)
    expect(JSON.parse(JSON.stringify(found))).toEqual(found)
  }
})

test('an SDK that is switched off', async () => {
  const run = await lab.run({ env: { OTEL_SDK_DISABLED: 'true' } })
  const { broken, hops } = await lab.settled(run, 'traces')
  expect(broken).toMatchObject({ hop: 'sdk', fault: 'sdk-disabled', known: ['environment'] })
  expect(broken!.next).toContain('unset OTEL_SDK_DISABLED')
  expect(hops.filter(({ fault }) => fault)).toHaveLength(1)
})
