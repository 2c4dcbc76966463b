import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestLab, testLab } from '../support/lab.ts'

let lab: TestLab
beforeAll(async () => {
  lab = await testLab()
  await lab.run(['up', '--port-offset', String(lab.offset)])
  await edit('prometheus.yml', 'scrape_interval: 15s', 'scrape_interval: 1s')
  await edit('otel-collector-config.yaml', 'timeout: 1s', 'timeout: 100ms')
  await lab.run(['up'])
}, 60_000)
afterAll(() => lab?.close())

async function edit(name: string, from: string, to: string): Promise<void> {
  const path = join(lab.dir, 'configs', name)
  const text = await readFile(path, 'utf8')
  expect(text).toContain(from)
  await writeFile(path, text.replace(from, to))
}

async function doctor(env: Record<string, string> = {}) {
  const ran = await lab.run(['doctor'], { env })
  return { ...ran, says: ran.stdout.split('\n').slice(-40).join('\n') }
}

const WELL = 'Nothing is wrong: a span, a metric and a log line came out at the far end.'

test('nothing is wrong only when all three came out by both doors, and its probes are nobody’s newest trace', async () => {
  const { says, code } = await doctor()
  expect(code).toBe(0)
  expect(says).toMatch(/A span from end to end: in Tempo: by OTLP\/gRPC after .*, by OTLP\/HTTP after/)
  expect(says).toMatch(/A metric from end to end: in Prometheus: by OTLP\/gRPC/)
  expect(says).toMatch(/A log line from end to end: in Loki: by OTLP\/gRPC/)
  expect(says).toContain(WELL)
  expect((await lab.run(['trace', 'latest', '--wait', '1s'])).stderr).toContain('Tempo finds no trace')
})

test('what the shell says counts', async () => {
  const { says, code } = await doctor({
    OTEL_TRACES_SAMPLER: 'always_off',
    OTEL_EXPORTER_OTLP_LOGS_ENDPOINT: 'http://127.0.0.1:9',
  })
  expect(code).toBe(4)
  expect(says).toContain(
    'Traces as this shell sends them: lost at sampling: no trace is sampled: OTEL_TRACES_SAMPLER=always_off',
  )
  expect(says).toContain('OTEL_EXPORTER_OTLP_LOGS_ENDPOINT')
  expect(says).not.toContain(WELL)
})

test('several things at once, one finding each; a file that nobody has read is told of', async () => {
  await edit('prometheus.yml', 'otel-collector:8889', 'otel-collector:8890')
  await lab.run(['restart', 'prometheus'])
  await edit('otel-collector-config.yaml', 'http://loki:3100/otlp', 'http://loki:3101/otlp')
  await lab.run(['restart', 'otel-collector'])
  await edit('otel-collector-config.yaml', 'http://loki:3101/otlp', 'http://loki:3100/otlp')
  const { says, code } = await doctor()
  expect(code).toBe(4)
  expect(says).toMatch(/Config: otel-collector runs with another config/)
  expect(says).toMatch(/Metrics by OTLP\/gRPC and OTLP\/HTTP: lost at scrape prometheus: no scrape job/)
  expect(says).toMatch(/Logs by OTLP\/gRPC and OTLP\/HTTP: lost at exporter otlp_http\/loki in logs/)
  expect(says).toContain('otel-lab restart otel-collector')
  expect(says).toContain('2 things are wrong.')
  expect(says).toContain('A span from end to end: in Tempo')
})

test('what only the app’s own data meets is told of its newest run', async () => {
  await edit('prometheus.yml', 'otel-collector:8890', 'otel-collector:8889')
  await edit(
    'otel-collector-config.yaml',
    'IsMatch(span.name, ".*health.*")',
    'resource.attributes["service.name"] == "neuro-preprocess"',
  )
  await lab.run(['up'])
  await lab.run(['run'])
  const { says, code } = await doctor()
  expect(code).toBe(4)
  expect(says).toMatch(
    /The traces of run r\w+, the newest: lost at processor filter\/health: filter\/health dropped all \d+ spans/,
  )
  expect(says).toContain('One thing is wrong.')
})

test('of one run: every hop, what to mend, and exit codes for scripts', async () => {
  const lost = await lab.run(['doctor', 'latest'])
  expect(lost.code).toBe(1)
  expect(lost.stdout).toMatch(/traces {2}lost[\s\S]*✗ processor filter\/health[\s\S]*→ Mend filter\/health in/)
  expect(lost.stdout).toMatch(/metrics {2}arrived[\s\S]*logs {2}arrived/)
  const ran = await lab.run(['run', '--json', '--', process.execPath, '-e', '0'], {
    env: { OTEL_SDK_DISABLED: 'true' },
  })
  const { runId } = JSON.parse(ran.stdout)
  const told = await lab.run(['doctor', runId, '--json'])
  const { diagnoses } = JSON.parse(told.stdout)
  expect(diagnoses.map(({ broken }: { broken: { fault: string } }) => broken.fault)).toEqual(
    Array(3).fill('sdk-disabled'),
  )
  expect(await lab.run(['doctor', 'r-none'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`otel-lab doctor ${runId}`),
  })
})
