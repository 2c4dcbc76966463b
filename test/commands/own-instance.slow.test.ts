import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestLab, testLab } from '../support/lab.ts'

let lab: TestLab
beforeAll(async () => {
  lab = await testLab()
  expect(await lab.run(['up', '--port-offset', String(lab.offset), '--engine', 'embedded'])).toMatchObject({ code: 0 })
  const path = join(lab.dir, 'configs/prometheus.yml')
  await writeFile(path, (await readFile(path, 'utf8')).replace('scrape_interval: 15s', 'scrape_interval: 1s'))
  expect(await lab.run(['restart', 'prometheus'])).toMatchObject({ code: 0 })
}, 120_000)
afterAll(() => lab.close())

const TRACE = '5b8efff798038103d269b633813fc60c'
/** Sends one of each, under an instance id of its own beside what the lab asked it to bear. */
const PROGRAM = `
const given = process.env.OTEL_RESOURCE_ATTRIBUTES.split(',').map((pair) => pair.split('='))
const all = { ...Object.fromEntries(given), 'service.name': 'own', 'service.instance.id': 'one-of-my-own' }
const resource = { attributes: Object.entries(all).map(([key, stringValue]) => ({ key, value: { stringValue } })) }
const now = String(BigInt(Date.now()) * 1000000n)
const bodies = {
  traces: { resourceSpans: [{ resource, scopeSpans: [{ spans: [{ traceId: '${TRACE}', spanId: 'eee19b7ec3c1b174', name: 'own span', startTimeUnixNano: now, endTimeUnixNano: now }] }] }] },
  metrics: { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [{ name: 'own', sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [{ asInt: '3', timeUnixNano: now }] } }] }] }] },
  logs: { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [{ timeUnixNano: now, body: { stringValue: 'own line' } }] }] }] },
}
for (const [signal, body] of Object.entries(bodies)) {
  const answer = await fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/:\\d+$/, ':' + process.argv[2]) + '/v1/' + signal, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(await answer.text())
}
`

test('the queries that run prints find a program that bears an instance id of its own', async () => {
  await writeFile(join(lab.dir, 'own.mjs'), PROGRAM)
  const ran = await lab.run(['run', '--json', '--', process.execPath, 'own.mjs', String(4318 + lab.offset)])
  expect(ran, ran.stdout + ran.stderr).toMatchObject({ code: 0 })
  const { queries } = JSON.parse(ran.stdout) as { queries: Record<string, string> }
  const found = { tempo: TRACE.slice(0, 12), prometheus: 'own_total', loki: 'own line' }
  expect(Object.keys(queries).sort()).toEqual(Object.keys(found).sort())
  for (const [backend, told] of Object.entries(found)) {
    const deadline = Date.now() + 60_000
    let answer = ''
    while (!answer.includes(told) && Date.now() < deadline) {
      answer = (await lab.run(['query', backend, queries[backend]!, '--json'])).stdout
      await sleep(200)
    }
    expect(answer, queries[backend]!).toContain(told)
  }
}, 240_000)
