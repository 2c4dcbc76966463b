import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type TestLab, testLab } from '../support/lab.ts'

let lab: TestLab

/** A stranger's program without an SDK: a span, a log line and a counter as OTLP/JSON; nothing with --silent. */
const APP = `
const [, , flag] = process.argv
const base = process.env.OTEL_EXPORTER_OTLP_ENDPOINT
const attributes = [['service.name', 'stranger'], ...process.env.OTEL_RESOURCE_ATTRIBUTES.split(',').map((pair) => pair.split('='))]
  .map(([key, stringValue]) => ({ key, value: { stringValue } }))
const nanos = () => String(BigInt(Date.now()) * 1000000n)
const hex = (n) => Array.from({ length: n }, () => Math.floor(Math.random() * 16).toString(16)).join('')
const post = (signal, body) => fetch(base + '/v1/' + signal, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
if (flag === '--forever') setInterval(() => {}, 1000)
else if (flag !== '--silent') {
  const resource = { attributes }
  const span = { traceId: hex(32), spanId: hex(16), name: 'work', kind: 1, startTimeUnixNano: nanos(), endTimeUnixNano: nanos() }
  await post('traces', { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] })
  await post('logs', { resourceLogs: [{ resource, scopeLogs: [{ logRecords: [{ timeUnixNano: nanos(), body: { stringValue: 'done' } }] }] }] })
  const sum = { aggregationTemporality: 2, isMonotonic: true, dataPoints: [{ asInt: '1', startTimeUnixNano: nanos(), timeUnixNano: nanos() }] }
  await post('metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [{ name: 'jobs', sum }] }] }] })
}
`

beforeAll(async () => {
  lab = await testLab()
  await writeFile(join(lab.dir, 'app.mjs'), APP)
  const up = ['up', '--port-offset', String(lab.offset), '--engine', 'embedded']
  expect(await lab.run(up)).toMatchObject({ code: 0 })
  // The lesson's 15 s are long for a test.
  const config = join(lab.dir, 'lab', 'configs', 'prometheus.yml')
  const text = await readFile(config, 'utf8')
  await writeFile(config, text.replace('scrape_interval: 15s', 'scrape_interval: 1s'))
  expect(await lab.run(['restart', 'prometheus'])).toMatchObject({ code: 0 })
}, 60_000)
afterAll(() => lab.close())

const DOORS = ['trace-by-id', 'trace-by-search', 'trace-by-metrics', 'logs', 'logs-by-tail', 'metrics']

test('measures a stranger’s program at every door, and the lab remembers it', async () => {
  const ran = await lab.run(['latency', '--runs', '2', '--warmup', '0', '--json', '--', process.execPath, 'app.mjs'])
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  const { complete, engine, lateIds, measures, runs } = JSON.parse(ran.stdout)
  expect({ complete, engine, runs: runs.length }).toEqual({ complete: true, engine: 'embedded', runs: 2 })
  for (const name of DOORS) {
    expect(measures[name], name).toMatchObject({ unit: 'ms', count: 2, missing: 0 })
    expect(measures[name].max).toBeGreaterThanOrEqual(measures[name].min)
  }
  // It has no exemplars, and is complete without.
  expect(measures['metrics-by-exemplar']).toMatchObject({ missing: 2, sightings: [] })
  // Neither its output nor its logs tell the trace ids, but the collector has seen them.
  expect(lateIds).toBe(0)
  // The search waits for max_trace_idle of a second, after what the id waits for.
  expect(measures['trace-by-search'].min).toBeGreaterThan(1_000)
  expect(measures.metrics.expected.waits).toContainEqual({
    ...{ hop: 'scrape', name: 'scrape_interval' },
    ...{ ms: 1_000, kind: 'clock' },
  })
  // This program is a stranger: the SDK's defaults, not the lab's short delays.
  expect(measures.logs.expected.max).toBe(2_000)
  const kept = JSON.parse(await readFile(join(lab.dir, 'lab', '.otel-lab', 'latency.json'), 'utf8'))
  expect(Object.keys(kept).sort()).toEqual([...DOORS].sort())
}, 60_000)

test('probes need no program; every hop is accounted for', async () => {
  const page = join(lab.dir, 'page.html')
  const ran = await lab.run(['latency', '--tap', '--runs', '6', '--json', '--html', page])
  expect(ran).toMatchObject({ code: 0 })
  const { by, tapped, measures, faults } = JSON.parse(ran.stdout)
  expect({ by, tapped, faults }).toEqual({ by: 'probes', tapped: true, faults: [] })
  for (const name of DOORS) {
    const { count, mean, hops } = measures[name]
    expect(count, name).toBe(6)
    expect(hops.reduce((sum: number, hop: { mean: number }) => sum + hop.mean, 0)).toBeCloseTo(mean, 3)
    const batch = hops.find(({ key }: { key: string }) => key === 'processor/batch')
    expect(batch, name).toMatchObject({ known: 'measured' })
    expect(batch.max).toBeLessThan(1_300)
  }
  const html = await readFile(page, 'utf8')
  expect(html).toContain('"title":"Log line (Loki): ')
  expect(html).not.toMatch(/(src|href)=/)

  const csv = await lab.run(['latency', '--tap', '--runs', '2', '--warmup', '0', '--csv'])
  expect(csv.stdout).toMatch(/^door,run,what,made,latency_ms,error_ms,query_ms\ntrace-by-id,r\w{10},1,/)
}, 60_000)

test('a watch: its page, and an objective that a broken hop breaks within two probes', async () => {
  const page = await freePort()
  const abort = new AbortController()
  const watch = lab.run(['latency', '--watch', '--every', '1s', '--port', String(page), '--slo', 'logs:p95<4s'], {
    signal: abort.signal,
  })
  const figures = async () => (await fetch(`http://127.0.0.1:${page}/metrics`).catch(() => undefined))?.text()
  await expect.poll(figures, { timeout: 20_000 }).toMatch(/hop="processor\/batch"/)
  const foreign = { headers: { origin: 'http://evil.test' } }
  expect((await fetch(`http://127.0.0.1:${page}/metrics`, foreign)).status).toBe(403)
  const patch = ['config', 'patch', '--yes', '--set', 'exporters.otlp_http/loki.endpoint=http://127.0.0.1:9/otlp']
  expect(await lab.run(patch)).toMatchObject({ code: 0 })
  const ended = await watch
  expect(ended.code, ended.stdout + ended.stderr).toBe(1)
  expect(ended.stdout).toMatch(/logs:p95<4s is broken at Log line \(Loki\): the last 2 probes were not there in time/)
  expect(await lab.run(['config', 'reset', '--yes'])).toMatchObject({ code: 0 })
}, 60_000)

test('what if: measured before and with it, tested, and put back; also after a kill', async () => {
  const config = join(lab.dir, 'lab', 'configs', 'otel-collector-config.yaml')
  const before = await readFile(config, 'utf8')
  const ran = await lab.run(['latency', '--set', 'batch.timeout=0s', '--runs', '8', '--json'])
  expect(ran).toMatchObject({ code: 0 })
  const byId = JSON.parse(ran.stdout).changes.find(({ door }: { door: string }) => door === 'trace-by-id')
  expect(byId).toMatchObject({ real: true, predicted: -500 })
  expect(byId.difference).toBeLessThan(-150)
  expect(await readFile(config, 'utf8')).toBe(before)

  const child = spawn(process.execPath, [resolve('dist/otel-lab.js'), 'latency', '--sweep', 'batch.timeout=100ms,2s'], {
    cwd: lab.dir,
    stdio: 'ignore',
    env: { ...process.env, DOCKER_HOST: 'unix:///nowhere', OTEL_LAB_DIR: '' },
  })
  await expect.poll(() => readFile(config, 'utf8'), { timeout: 20_000 }).toContain('timeout: 100ms')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const next = await lab.run(['status'])
  expect(next.stderr).toContain('was ended half way')
  expect(await readFile(config, 'utf8')).toBe(before)
  expect((await lab.run(['latency', '--set', 'nonsense.timeout=1s'])).code).toBe(2)
}, 90_000)

test('what has not come by the deadline: exit code 3, and what came is shown', async () => {
  const app = ['--', process.execPath, 'app.mjs']
  const ran = await lab.run(['latency', '--runs', '1', '--deadline', '300ms', '--warmup', '0', ...app])
  expect(ran.code).toBe(3)
  expect(ran.stdout).toMatch(/Run 1 of 1: r\w+/)
  // Tempo cuts a trace a second after its last span.
  expect(ran.stdout).toMatch(/Trace by search \(Tempo\): in 1 of 1 runs not all had come after 300 ms/)
  expect(ran.stdout).toContain('The embedded engine keeps the configured intervals')
}, 30_000)

test('what is known to be lost is not waited for: exit code 1, with its hop', async () => {
  const app = ['--', process.execPath, 'app.mjs', '--silent']
  const ran = await lab.run(['latency', '--runs', '1', '--deadline', '10m', '--warmup', '0', ...app])
  expect(ran.code).toBe(1)
  expect(ran.stdout).toMatch(/✗ traces lost at export: /)
}, 60_000)

test('Ctrl-C ends it and the program', async () => {
  const abort = new AbortController()
  const ran = await lab.run(['latency', '--warmup', '0', '--', process.execPath, 'app.mjs', '--forever'], {
    signal: abort.signal,
    onOutput: (text) => text.includes('Run 1') && abort.abort(),
  })
  expect(ran).toMatchObject({ code: 130, stderr: expect.stringContaining('Interrupted.') })
}, 30_000)

test('a wrong command line, a program that is not there', async () => {
  expect((await lab.run(['latency', 'fast'])).code).toBe(2)
  expect((await lab.run(['latency', '--'])).code).toBe(2)
  expect((await lab.run(['latency', '--tap', '--', 'true'])).code).toBe(2)
  expect(await lab.run(['latency', '--', 'no-such-program-here'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there is no program no-such-program-here'),
  })
})

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  await new Promise((done) => server.close(done))
  return port
}
