import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestLab, testLab } from '../support/lab.ts'

let lab: TestLab
let dir: string

beforeAll(async () => {
  lab = await testLab()
  expect(await lab.run(['up', '--port-offset', String(lab.offset), '--engine', 'embedded'])).toMatchObject({ code: 0 })
  dir = join(lab.dir, 'configs')
  const path = join(dir, 'prometheus.yml')
  // The lesson's 15 s are long for a test.
  await writeFile(path, (await readFile(path, 'utf8')).replace('scrape_interval: 15s', 'scrape_interval: 1s'))
  expect(await lab.run(['restart', 'prometheus'])).toMatchObject({ code: 0 })
}, 60_000)
afterAll(() => lab.close())

test('flow tells each step of one request, with what travelled', async () => {
  const ran = await lab.run(['flow', '--tap', '--payload'])
  expect(ran).toMatchObject({ code: 0 })
  const ways = [
    /traces +program ─▶ collector, receiver otlp: 1 span .*OTLP\/HTTP/,
    /processors? memory_limiter.*: 1 span/,
    /processor batch: 1 span out/,
    /collector ─▶ tempo:4317, exporter otlp_grpc\/tempo: 1 span.* taken +OTLP\/gRPC/,
    /collector ─▶ loki:3100, exporter otlp_http\/loki: 1 log record/,
    /collector ◀─ Prometheus\S+ fetches the page of prometheus/,
    /Trace by search \(Tempo\): visible/,
    /\{"otel_lab.probe.sequence": intValue "1"\}/,
    /^ {2}otel_lab_probe_sequence_total\{.*\} 1/m,
    /● processor batch/,
  ]
  for (const way of ways) expect(ran.stdout).toMatch(way)
}, 60_000)

test('the chain of the slow request, from the metric to the log line', async () => {
  const ran = await lab.run(['correlate', '--run', 'slow', '--json'])
  expect(ran, ran.stdout).toMatchObject({ code: 0 })
  const { steps, span, traceId, diagnosis, broken } = JSON.parse(ran.stdout)
  expect(broken).toBeUndefined()
  expect(steps.map(({ name }: { name: string }) => name)).toEqual(['metric', 'exemplar', 'trace', 'span', 'logs'])
  expect(span.name).toBe('skull_strip')
  expect(diagnosis).toMatch(/skull_strip took .* by itself, .* its logs say: WARNING/)
  // Each query can be tried by hand.
  expect(steps[4].query.text).toContain(`| trace_id="${traceId}"`)
  const byHand = await lab.run(['query', 'loki', steps[4].query.text, '--json'])
  expect(byHand.code).toBe(0)
  expect(byHand.stdout).toContain(traceId)
}, 60_000)

test('topology draws every arrow with its state; one that fails is named', async () => {
  const sound = await lab.run(['topology'])
  expect(sound).toMatchObject({ code: 0 })
  expect(sound.stdout).toMatch(/traces {3}✓ \d+ spans accepted/)
  expect(sound.stdout).toMatch(
    /logs ── OTLP\/HTTP ──▶ otlp_http\/loki\n.*http:\/\/loki:3100\/otlp\n.*✓ \d+ log records sent/,
  )
  expect(sound.stdout).toMatch(/◀── HTTP, every 1s ── prometheus/)
})

test('config try predicts what an edit does, and what then happens is that', async () => {
  const edits = [
    '--set',
    'processors.filter/health.trace_conditions=["span.name == \\"smooth\\""]',
    '--set',
    'processors.resource.attributes=[{key: team, value: mri, action: insert}]',
    '--set',
    'processors.batch.timeout=200ms',
  ]
  const before = await readFile(join(dir, 'otel-collector-config.yaml'), 'utf8')
  const ran = await lab.run(['config', 'try', '--json', ...edits])
  expect(ran, ran.stderr).toMatchObject({ code: 0 })
  const trial = JSON.parse(ran.stdout)
  const dropped = trial.changes.filter(({ kind }: { kind: string }) => kind === 'dropped')
  const spans = dropped.filter(({ signal }: { signal: string }) => signal === 'traces')
  expect(spans.map(({ name }: { name: string }) => name)).toEqual(['smooth'])
  const changed = trial.changes.filter(({ kind }: { kind: string }) => kind === 'changed')
  expect(changed[0].edits).toEqual(['+ resource.team = mri', '- resource.deployment.environment.name'])
  expect(trial.items.traces.before - trial.items.traces.after).toBe(1)
  expect(trial.bytes.logs.after).toBeLessThan(trial.bytes.logs.before)
  expect(trial.delays).toContainEqual({ door: 'logs', before: 500, after: 100 })
  expect(await readFile(join(dir, 'otel-collector-config.yaml'), 'utf8')).toBe(before)

  // Now let it run for real.
  expect(await lab.run(['config', 'patch', '--yes', ...edits])).toMatchObject({ code: 0 })
  const { runId } = JSON.parse((await lab.run(['run', 'slow', '--json'])).stdout)
  const found = await lab.run(['trace', '--run', runId, '--wait', '10s', '-a'])
  expect(found.stdout).toContain('skull_strip')
  expect(found.stdout).not.toContain('smooth')
  const team = `{resource.otel_lab.run.id="${runId}" && resource.team="mri"}`
  await expect
    .poll(async () => (await lab.run(['query', 'tempo', team])).stdout, { timeout: 20_000 })
    .toContain('process_file')
  const environment = `{resource.otel_lab.run.id="${runId}" && resource.deployment.environment.name="workshop"}`
  expect((await lab.run(['query', 'tempo', environment])).stdout).not.toContain('process_file')
  expect(await lab.run(['config', 'reset', '--yes'])).toMatchObject({ code: 0 })
}, 60_000)

test('a config that would be refused, and one that loses a signal', async () => {
  const bad = await lab.run(['config', 'try', '--set', 'processors.batch.timeout=banana'])
  expect(bad.code).toBe(1)
  expect(bad.stdout).toMatch(/would refuse this config.*\n.*line \d+: .*batch/)
  const fewer = await lab.run(['config', 'try', '--json', '--set', 'service.pipelines.logs.receivers=[]'])
  expect(fewer.code).toBe(1)
})

test('where the chain breaks it says why', async () => {
  const patch = ['config', 'patch', '--yes', '--set', 'exporters.prometheus.enable_open_metrics=false']
  expect(await lab.run(patch)).toMatchObject({ code: 0 })
  const ran = await lab.run(['correlate', '--run', 'normal'])
  expect(ran.code).toBe(1)
  expect(ran.stdout).toMatch(/The chain breaks here: \w+_bucket has no exemplar/)
  expect(ran.stdout).toMatch(/lost at exporter prometheus.*enable_open_metrics is false/)
  expect(ran.stdout).toContain('otel-lab config patch --set exporters.prometheus.enable_open_metrics=true')
}, 60_000)
