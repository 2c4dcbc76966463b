import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Endpoints, Engine, LogLine } from '../../src/engine.ts'
import { httpRequest } from '../../src/util/http.ts'
import { findWorkspace, type Workspace } from '../../src/workspace.ts'
import { type TestLab, testLab } from '../support/lab.ts'
import { sendSpan, traceIn } from '../support/span.ts'

export interface EngineSubject {
  kind: Engine['kind']
  create(workspace: Workspace, portOffset: number): Engine
  /** Cases that this engine does otherwise, each with the reason. */
  differs: Partial<Record<CaseName, string>>
}

const CASES = {
  'up, status, endpoints, a second up that changes nothing, down': upAndDown,
  'every API answers, and a span goes the whole way': wholeWay,
  'what was stored is there after down and up; --volumes removes it': volumes,
  'a taken port names its holder, and nothing is left running': takenPort,
  'restart takes the config that is in the lab now': restartTakes,
  'a config that is refused is told, and the old one runs on': refusedConfig,
  'up takes a changed config, and tells a refused one': upTakes,
  'a service whose config is broken from the start does not take the others down': brokenFromStart,
  'the collector of the engine says what it thinks of a config': validates,
  'logs: the newest lines, since when, and what follows across a restart': logs,
  'down twice, and without an up': downTwice,
  'an interrupted up leaves nothing behind': interrupted,
} as const

export type CaseName = keyof typeof CASES

interface Given {
  engine: Engine
  workspace: Workspace
  lab: TestLab
}

/** The same cases for every engine: whatever a command or an exercise needs of one. */
export function engineCases(subject: EngineSubject): void {
  let lab: TestLab
  let given: Given
  beforeEach(async () => {
    lab = await testLab()
    const workspace = await findWorkspace({ cwd: lab.dir, create: true, env: {} })
    given = { lab, workspace, engine: subject.create(workspace, lab.offset) }
  })
  afterEach(async () => {
    await given.engine.down({ volumes: true }).catch(() => {})
    await lab.close()
  })
  for (const [name, run] of Object.entries(CASES) as [CaseName, (given: Given) => Promise<void>][]) {
    const reason = subject.differs[name]
    if (reason === undefined) test(name, () => run(given))
    else test.skip(`${name} (${subject.kind} differs: ${reason})`, () => {})
  }
}

const STACK = ['otel-collector', 'tempo', 'prometheus', 'loki']
const states = async (engine: Engine) => (await engine.status()).services.map(({ state }) => state)

async function upAndDown({ engine, workspace, lab }: Given): Promise<void> {
  await expect(engine.endpoints()).rejects.toMatchObject({ code: 'lab-down', hint: 'otel-lab up' })
  expect(await engine.status()).toMatchObject({ running: false })
  const ready: string[] = []
  await engine.up({ onEvent: ({ service, state }) => state === 'ready' && ready.push(service) })
  expect(ready.sort()).toEqual([...STACK].sort())
  const status = await engine.status()
  expect(status).toMatchObject({ kind: engine.kind, running: true })
  expect(status.services.map(({ name }) => name)).toEqual(STACK)
  expect(status.services.map(({ state }) => state)).toEqual(STACK.map(() => 'ready'))
  const at = (port: number) => ({ url: `http://127.0.0.1:${port + lab.offset}` })
  expect(await engine.endpoints()).toEqual({
    otlpGrpc: at(4317),
    otlpHttp: at(4318),
    collectorMetrics: at(8889),
    collectorTelemetry: at(8888),
    collectorHealth: at(13133),
    tempo: at(3200),
    prometheus: at(9090),
    loki: at(3100),
  })
  expect(await workspace.state()).toMatchObject({ engine: engine.kind, portOffset: lab.offset })
  const identities = status.services.map(({ detail }) => detail)
  await engine.up({})
  const again = await engine.status()
  expect(again.services.map(({ detail }) => detail)).toEqual(identities)
  expect(again.startedAt).toEqual(status.startedAt)
  await engine.down({ volumes: false })
  expect(await engine.status()).toMatchObject({ running: false })
}

async function wholeWay({ engine }: Given): Promise<void> {
  await engine.up({})
  const endpoints = await engine.endpoints()
  const pages: [keyof Endpoints, string][] = [
    ['tempo', '/api/echo'],
    ['prometheus', '/api/v1/query?query=up'],
    ['loki', '/loki/api/v1/labels'],
    ['collectorTelemetry', '/metrics'],
    ['collectorMetrics', '/metrics'],
    ['collectorHealth', '/'],
  ]
  for (const [door, path] of pages) {
    expect((await httpRequest(endpoints[door]!.url + path)).status, door).toBe(200)
  }
  const traceId = await sendSpan(endpoints)
  expect(await traceIn(endpoints, traceId)).toBe(true)
}

async function volumes({ engine }: Given): Promise<void> {
  await engine.up({})
  const traceId = await sendSpan(await engine.endpoints())
  expect(await traceIn(await engine.endpoints(), traceId)).toBe(true)
  await engine.down({ volumes: false })
  await engine.up({})
  expect(await traceIn(await engine.endpoints(), traceId)).toBe(true)
  await engine.down({ volumes: true })
  await engine.up({})
  expect(await traceIn(await engine.endpoints(), traceId, 300)).toBe(false)
}

async function takenPort({ engine, lab }: Given): Promise<void> {
  const holder = createServer().listen(9090 + lab.offset, '127.0.0.1')
  try {
    await expect(engine.up({})).rejects.toMatchObject({
      code: 'port-taken',
      message: expect.stringContaining(
        `prometheus needs port ${9090 + lab.offset}, which is held by process ${process.pid}`,
      ),
      hint: expect.stringContaining('--port-offset'),
    })
    expect(await engine.status()).toMatchObject({ running: false })
  } finally {
    holder.close()
  }
}

async function restartTakes({ engine, workspace }: Given): Promise<void> {
  await engine.up({})
  const { prometheus } = await engine.endpoints()
  await writeFile(workspace.configPath('prometheus.yml'), 'global: { scrape_interval: 7s, scrape_timeout: 5s }\n')
  await engine.restart('prometheus')
  const config = await httpRequest(`${prometheus.url}/api/v1/status/config`)
  expect(JSON.parse(config.text).data.yaml).toContain('scrape_interval: 7s')
  await expect(engine.restart('grafana')).rejects.toMatchObject({ code: 'no-such-service', exit: 2 })
}

async function refusedConfig({ engine, workspace }: Given): Promise<void> {
  await engine.up({})
  const path = workspace.configPath('otel-collector-config.yaml')
  const good = await readFile(path, 'utf8')
  await writeFile(path, good.replace('exporters: [otlp_grpc/tempo]', 'exporters: [otlp_grpc/tempo, logging]'))
  await expect(engine.restart('otel-collector')).rejects.toMatchObject({
    code: 'config-refused',
    exit: 1,
    message: expect.stringContaining('otel-collector-config.yaml:'),
  })
  expect(await states(engine)).toEqual(STACK.map(() => 'ready'))

  // Only the start itself shows that this one does not run: nothing validates Tempo's.
  await writeFile(workspace.configPath('tempo.yaml'), 'ingester: {}\n')
  await expect(engine.restart('tempo')).rejects.toMatchObject({
    code: 'config-refused',
    exit: 1,
    message: expect.stringMatching(/ingester[\s\S]*runs on with its old config/),
  })
  expect(await states(engine)).toEqual(STACK.map(() => 'ready'))
  expect(await readFile(workspace.configPath('tempo.yaml'), 'utf8')).toBe('ingester: {}\n')
}

async function upTakes({ engine, workspace }: Given): Promise<void> {
  await engine.up({})
  const prometheus = workspace.configPath('prometheus.yml')
  await writeFile(prometheus, 'global: [')
  await expect(engine.up({})).rejects.toMatchObject({
    code: 'service-failed',
    exit: 1,
    message: expect.stringContaining('prometheus'),
  })
  expect(await states(engine)).toEqual(STACK.map(() => 'ready'))
  await writeFile(prometheus, 'global: { scrape_interval: 1s, scrape_timeout: 1s }\n')
  await engine.up({})
  const { prometheus: api } = await engine.endpoints()
  expect((await httpRequest(`${api.url}/api/v1/status/config`)).text).toContain('scrape_interval: 1s')
}

async function brokenFromStart({ engine, workspace }: Given): Promise<void> {
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
  const original = await readFile(workspace.pristineConfigPath('tempo.yaml'), 'utf8')
  await writeFile(workspace.configPath('tempo.yaml'), original)
  await engine.up({})
  expect(await states(engine)).toEqual(STACK.map(() => 'ready'))
}

async function validates({ engine, workspace }: Given): Promise<void> {
  const good = await readFile(workspace.configPath('otel-collector-config.yaml'), 'utf8')
  expect((await engine.validateCollectorConfig(good)).filter(({ severity }) => severity === 'error')).toEqual([])
  const [problem] = await engine.validateCollectorConfig(
    good.replace('exporters: [prometheus]', 'exporters: [nowhere]'),
  )
  expect(problem).toMatchObject({ severity: 'error', message: expect.stringContaining('nowhere') })
  expect(problem!.line).toBeGreaterThan(10)
}

async function logs({ engine }: Given): Promise<void> {
  await engine.up({})
  const read = async (options: { tail?: number; since?: Date }) => {
    const lines: LogLine[] = []
    for await (const line of engine.logs({ services: ['tempo', 'loki'], follow: false, ...options })) lines.push(line)
    return lines
  }
  const all = await read({})
  expect(new Set(all.map(({ service }) => service))).toEqual(new Set(['tempo', 'loki']))
  expect(all.map(({ time }) => time.getTime())).toEqual(all.map(({ time }) => time.getTime()).sort((a, b) => a - b))
  expect(await read({ tail: 1 })).toHaveLength(2)
  expect(await read({ since: new Date(Date.now() + 60_000) })).toEqual([])

  const abort = new AbortController()
  const seen: LogLine[] = []
  const following = (async () => {
    for await (const line of engine.logs({ services: ['tempo'], follow: true, tail: 0, signal: abort.signal })) {
      seen.push(line)
    }
  })()
  await sleep(300)
  await engine.restart('tempo')
  const deadline = Date.now() + 5_000
  while (!seen.some(({ text }) => /Tempo started/i.test(text)) && Date.now() < deadline) await sleep(50)
  abort.abort()
  await following
  expect(seen.filter(({ text }) => /Tempo started/i.test(text))).toHaveLength(1)
}

async function downTwice({ engine }: Given): Promise<void> {
  await engine.down({ volumes: false })
  await engine.up({})
  await engine.down({ volumes: false })
  await engine.down({ volumes: true })
  expect(await engine.status()).toMatchObject({ running: false })
}

async function interrupted({ engine }: Given): Promise<void> {
  const abort = new AbortController()
  const up = engine.up({
    signal: abort.signal,
    onEvent: ({ state }) => state === 'starting' && abort.abort(),
  })
  await expect(up).rejects.toMatchObject({ name: 'AbortError' })
  const deadline = Date.now() + 5_000
  while ((await engine.status()).running && Date.now() < deadline) await sleep(50)
  expect(await engine.status()).toMatchObject({ running: false })
}
