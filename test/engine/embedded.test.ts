import { appendFile, readFile, rename, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEmbeddedEngine } from '../../src/engine/embedded.ts'
import type { LogLine } from '../../src/engine.ts'
import { isAlive } from '../../src/util/process-alive.ts'
import { findWorkspace } from '../../src/workspace.ts'
import { type TestLab, testLab } from '../support/lab.ts'

let lab: TestLab
beforeEach(async () => {
  lab = await testLab()
})
afterEach(() => lab.close())

async function open() {
  const workspace = await findWorkspace({ cwd: lab.dir, create: true, env: {} })
  return { workspace, engine: createEmbeddedEngine(workspace, { portOffset: lab.offset }) }
}

test('up, status, a second up that changes nothing, down', async () => {
  const { engine, workspace } = await open()
  await expect(engine.endpoints()).rejects.toMatchObject({ code: 'lab-down', hint: 'otel-lab up' })
  const ready: string[] = []
  await engine.up({ onEvent: ({ service, state }) => state === 'ready' && ready.push(service) })
  expect(ready.sort()).toEqual(['loki', 'otel-collector', 'prometheus', 'tempo'])
  const status = await engine.status()
  expect(status).toMatchObject({ kind: 'embedded', running: true })
  expect(status.services.map(({ state }) => state)).toEqual(['ready', 'ready', 'ready', 'ready'])
  const endpoints = await engine.endpoints()
  expect(endpoints).toMatchObject({
    otlpGrpc: { url: `http://127.0.0.1:${4317 + lab.offset}` },
    otlpHttp: { url: `http://127.0.0.1:${4318 + lab.offset}` },
    collectorMetrics: { url: `http://127.0.0.1:${8889 + lab.offset}` },
    collectorTelemetry: { url: `http://127.0.0.1:${8888 + lab.offset}` },
    collectorHealth: { url: `http://127.0.0.1:${13133 + lab.offset}` },
    tempo: { url: `http://127.0.0.1:${3200 + lab.offset}` },
    prometheus: { url: `http://127.0.0.1:${9090 + lab.offset}` },
    loki: { url: `http://127.0.0.1:${3100 + lab.offset}` },
  })
  const { pid } = (await lab.process())!
  await engine.up({})
  expect((await lab.process())!.pid).toBe(pid)
  expect(await workspace.state()).toEqual({ engine: 'embedded', portOffset: lab.offset })
  await engine.down({ volumes: false })
  expect(isAlive(pid)).toBe(false)
  expect(await engine.status()).toMatchObject({ running: false })
})

test('a taken port names its holder, and nothing is left running', async () => {
  const { engine } = await open()
  const holder = createServer().listen(9090 + lab.offset, '127.0.0.1')
  try {
    await expect(engine.up({})).rejects.toMatchObject({
      code: 'port-taken',
      message: expect.stringContaining(
        `prometheus needs port ${9090 + lab.offset}, which is held by process ${process.pid}`,
      ),
      hint: expect.stringContaining('--port-offset'),
    })
    expect(await lab.process()).toBeUndefined()
    expect(await engine.status()).toMatchObject({ running: false })
  } finally {
    holder.close()
  }
})

test('a config that is refused is told, the old one runs on; a good one is taken by a second up', async () => {
  const { engine, workspace } = await open()
  await engine.up({})
  const path = workspace.configPath('otel-collector-config.yaml')
  const good = await readFile(path, 'utf8')
  await writeFile(path, good.replace('exporters: [otlp_grpc/tempo]', 'exporters: [otlp_grpc/tempo, logging]'))
  await expect(engine.restart('otel-collector')).rejects.toMatchObject({
    code: 'config-refused',
    message: expect.stringContaining('otel-collector-config.yaml:'),
  })
  expect((await engine.status()).services[0]).toMatchObject({ name: 'otel-collector', state: 'ready' })

  await writeFile(path, good)
  const prometheus = workspace.configPath('prometheus.yml')
  await writeFile(prometheus, 'global: [')
  await expect(engine.up({})).rejects.toMatchObject({ code: 'service-failed', exit: 1 })
  expect((await engine.status()).services.every(({ state }) => state === 'ready')).toBe(true)
  await writeFile(prometheus, 'global: {scrape_interval: 1s}')
  await engine.up({})
})

test('a service whose config is broken from the start does not take the others down', async () => {
  const { engine, workspace } = await open()
  await writeFile(workspace.configPath('tempo.yaml'), 'ingester: {}\n')
  await expect(engine.up({})).rejects.toMatchObject({
    code: 'service-failed',
    message: expect.stringContaining('tempo'),
  })
  const { services } = await engine.status()
  expect(services.find(({ name }) => name === 'tempo')).toMatchObject({
    state: 'stopped',
    problem: expect.stringContaining('ingester'),
  })
  expect(services.filter(({ state }) => state === 'ready')).toHaveLength(3)
  await writeFile(
    workspace.configPath('tempo.yaml'),
    await readFile(workspace.pristineConfigPath('tempo.yaml'), 'utf8'),
  )
  await engine.up({})
  expect((await engine.status()).services.every(({ state }) => state === 'ready')).toBe(true)
})

test('kill -9, then up again; --volumes empties the store', async () => {
  const { engine, workspace } = await open()
  await engine.up({})
  const first = (await lab.process())!
  process.kill(first.pid, 'SIGKILL')
  while (isAlive(first.pid)) await sleep(5)
  expect(await engine.status()).toMatchObject({ running: false })
  await engine.up({})
  expect((await lab.process())!.pid).not.toBe(first.pid)
  await writeFile(workspace.statePath('store', 'left-over'), '')
  await engine.down({ volumes: true })
  await expect(readFile(workspace.statePath('store', 'left-over'))).rejects.toThrow()
})

test('two ups at once make one lab', async () => {
  const [a, b] = await Promise.all([
    lab.run(['up', '--json', '--port-offset', String(lab.offset)]),
    lab.run(['up', '--json', '--port-offset', String(lab.offset)]),
  ])
  expect([a.code, b.code]).toEqual([0, 0])
  expect(JSON.parse(a.stdout).services[0].detail).toBe(JSON.parse(b.stdout).services[0].detail)
})

test('logs: the past in order, then what follows, across a rotation', async () => {
  const { engine, workspace } = await open()
  const file = workspace.statePath('logs', 'tempo.log')
  await writeFile(`${file}.1`, 'ts=2026-01-01T00:00:01Z msg=one\n')
  await writeFile(file, 'ts=2026-01-01T00:00:03Z msg=three\n  its second line\n')
  await writeFile(workspace.statePath('logs', 'loki.log'), 'ts=2026-01-01T00:00:02Z msg=two\n')
  const all = async (options: { tail?: number; since?: Date }) => {
    const texts: string[] = []
    for await (const { text } of engine.logs({ services: [], follow: false, ...options })) texts.push(text)
    return texts
  }
  expect(await all({})).toEqual([
    'ts=2026-01-01T00:00:01Z msg=one',
    'ts=2026-01-01T00:00:02Z msg=two',
    'ts=2026-01-01T00:00:03Z msg=three',
    '  its second line',
  ])
  expect(await all({ tail: 1 })).toEqual(['ts=2026-01-01T00:00:02Z msg=two', '  its second line'])
  expect(await all({ since: new Date('2026-01-01T00:00:03Z') })).toHaveLength(2)

  const abort = new AbortController()
  const seen: LogLine[] = []
  const following = (async () => {
    for await (const line of engine.logs({ services: ['tempo'], follow: true, tail: 0, signal: abort.signal })) {
      seen.push(line)
      if (seen.length === 2) abort.abort()
    }
  })()
  await sleep(150)
  await appendFile(file, 'four\n')
  await sleep(150)
  await rename(file, `${file}.1`)
  await writeFile(file, 'five\n')
  await following
  expect(seen.map(({ text }) => text)).toEqual(['four', 'five'])
})
