import { appendFile, readFile, rename, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEmbeddedEngine } from '../../src/engine/embedded.ts'
import type { LogLine } from '../../src/engine.ts'
import { isAlive } from '../../src/util/process-alive.ts'
import { findWorkspace } from '../../src/workspace.ts'
import { type TestLab, testLab } from '../support/lab.ts'
import { engineCases } from './engine.case.ts'

engineCases({
  kind: 'embedded',
  create: (workspace, portOffset) => createEmbeddedEngine(workspace, { portOffset }),
  differs: {},
})

let lab: TestLab
beforeEach(async () => {
  lab = await testLab()
})
afterEach(() => lab.close())

async function open() {
  const workspace = await findWorkspace({ cwd: lab.dir, create: true, env: {} })
  return { workspace, engine: createEmbeddedEngine(workspace, { portOffset: lab.offset }) }
}

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

test('the tap follows a run into the backends, the scrape too; the running config is not the file', async () => {
  const { engine, workspace } = await open()
  await writeFile(
    workspace.configPath('prometheus.yml'),
    (await readFile(workspace.configPath('prometheus.yml'), 'utf8'))
      .replace('scrape_interval: 15s', 'scrape_interval: 1s')
      .replace('scrape_timeout: 10s', 'scrape_timeout: 1s'),
  )
  await engine.up({})
  const ran = await lab.run(['run', '--json'])
  const { runId } = JSON.parse(ran.stdout) as { runId: string }
  const sent = async () => (await engine.tap!.passages({ runId })).filter(({ step }) => step === 'sent')
  const deadline = Date.now() + 15_000
  while (new Set((await sent()).map(({ id }) => id)).size < 3 && Date.now() < deadline) await sleep(100)
  const ends = await sent()
  expect(new Set(ends.map(({ id }) => id))).toEqual(new Set(['otlp_grpc/tempo', 'otlp_http/loki', 'prometheus']))
  expect(ends.find(({ id }) => id === 'prometheus')!.peer).toMatch(/^Prometheus/)
  expect(await engine.tap!.payload(ends[0]!.seq)).toBeDefined()
  expect(await engine.tap!.passages({ runId, after: ends.at(-1)!.seq, limit: 1 })).toBeInstanceOf(Array)

  const path = workspace.configPath('otel-collector-config.yaml')
  const before = await readFile(path, 'utf8')
  await appendFile(path, '# edited\n')
  expect(await engine.runningConfig!('otel-collector')).toBe(before)
  await engine.restart('otel-collector')
  expect(await engine.runningConfig!('otel-collector')).toBe(`${before}# edited\n`)
  expect((await engine.tap!.passages({ runId })).length).toBeGreaterThan(ends.length)
})
