import { mkdtemp, readdir, readFile, realpath, rm, stat } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readHeader } from '../../src/engine/external/settings.ts'
import { createExternalEngine } from '../../src/engine/external.ts'
import { PORTS } from '../../src/engine.ts'
import { findWorkspace } from '../../src/workspace.ts'
import { type TestLab, testLab } from '../support/lab.ts'

/** The stack of somebody else: an embedded lab, its Tempo behind a door that asks for a password. */
let theirs: TestLab
let door: Server
let doorUrl: string
let mine: string
const SECRET = 'Basic aHVudGVyMg=='

const run = (args: string[], env: Record<string, string> = {}) => theirs.run(args, { cwd: mine, env })
const url = (name: keyof typeof PORTS) => `http://127.0.0.1:${PORTS[name] + theirs.offset}`

beforeAll(async () => {
  theirs = await testLab()
  mine = await realpath(await mkdtemp(join(tmpdir(), 'otel-lab-external-')))
  const up = ['up', '--engine', 'embedded', '--port-offset', String(theirs.offset)]
  expect(await theirs.run(up)).toMatchObject({ code: 0 })
  door = createServer((asked, answer) => {
    if (asked.headers.authorization !== SECRET) return answer.writeHead(401).end('no')
    const on = request(url('tempo') + asked.url, { method: asked.method!, headers: asked.headers }, (from) => {
      answer.writeHead(from.statusCode!, from.headers)
      from.pipe(answer)
    })
    on.on('error', () => answer.destroy())
    asked.pipe(on)
  })
  await new Promise<void>((done) => door.listen(0, '127.0.0.1', done))
  doorUrl = `http://127.0.0.1:${(door.address() as AddressInfo).port}`
}, 60_000)
afterAll(async () => {
  door.closeAllConnections()
  door.close()
  await theirs.close()
  await rm(mine, { recursive: true, force: true })
})

const told = () => [
  ...['up', '--tempo-url', doorUrl, '--prometheus-url', url('prometheus'), '--loki-url', url('loki')],
  ...['--otlp-grpc-url', url('otlpGrpc'), '--otlp-http-url', url('otlpHttp')],
]

test('is not let in without the header, and leaves no lab behind that was never up', async () => {
  const refused = await run(told())
  expect(refused).toMatchObject({ code: 4, stderr: expect.stringContaining('does not let us in (401)') })
  expect(await run(['status'])).toMatchObject({ code: 4, stderr: expect.stringContaining('there is no lab') })
})

test('sends to it and queries it, and shows no secret', async () => {
  const up = await run([...told(), '--header', `tempo=Authorization: ${SECRET}`])
  expect(up).toMatchObject({ code: 0, stdout: expect.stringContaining(doorUrl) })
  expect((await run(['run', '--run-id', 'r-external'])).code).toBe(0)
  const trace = await run(['trace', '--run', 'r-external', '--wait', '20s'])
  expect(trace).toMatchObject({ code: 0, stdout: expect.stringContaining('skull_strip') })
  const status = await run(['status', '--json'])
  expect(JSON.parse(status.stdout)).toMatchObject({ engine: 'external', running: true, endpoints: { tempo: doorUrl } })
  for (const { stdout, stderr } of [up, trace, status]) expect(stdout + stderr).not.toContain('aHVudGVyMg')

  const state = join(mine, '.otel-lab')
  expect((await stat(join(state, 'external-headers.json'))).mode & 0o777).toBe(0o600)
  expect(await readFile(join(state, 'state.json'), 'utf8')).not.toContain('aHVudGVyMg')
  expect(await readdir(join(state, 'run'))).not.toContain('embedded.json')
})

test('what it cannot do is said', async () => {
  for (const args of [['down'], ['restart', 'tempo'], ['logs']]) {
    expect(await run(args)).toMatchObject({ code: 2, stderr: expect.stringContaining('a stack that it does not run') })
  }
})

test('a header can come from the environment, and is then stored nowhere', async () => {
  const args = [...told(), '--header', 'tempo=Authorization: ${DOOR_KEY}']
  expect(await run(args, { DOOR_KEY: SECRET })).toMatchObject({ code: 0 })
  expect(await readFile(join(mine, '.otel-lab', 'external-headers.json'), 'utf8')).not.toContain('aHVudGVyMg')
  expect((await run(['query', 'tempo', '{}'], { DOOR_KEY: SECRET })).code).toBe(0)
  expect(await run(['query', 'tempo', '{}'])).toMatchObject({
    code: 4,
    stderr: expect.stringContaining('export DOOR_KEY='),
  })
})

test('URLs with a password, from the environment, or none at all', async () => {
  const workspace = await findWorkspace({ cwd: theirs.dir, env: {} })
  const endpointsWith = (options: Parameters<typeof createExternalEngine>[1]) =>
    createExternalEngine(workspace, { env: {}, ...options }).endpoints()
  const urls = { tempo: 'https://me:p%40ss@tempo.example/tempo/', prometheus: 'http://p', loki: 'http://l' }
  expect(await endpointsWith({ urls, headers: ['X-Scope-OrgID: 7'] })).toMatchObject({
    tempo: {
      url: 'https://tempo.example/tempo',
      headers: { authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}`, 'x-scope-orgid': '7' },
    },
    loki: { url: 'http://l', headers: { 'x-scope-orgid': '7' } },
  })
  const env = {
    OTEL_LAB_TEMPO_URL: 'http://t:1',
    OTEL_LAB_PROMETHEUS_URL: 'http://p:1',
    OTEL_LAB_OTLP_GRPC_URL: 'http://o',
  }
  await expect(endpointsWith({ env })).rejects.toMatchObject({
    code: 'url-missing',
    hint: expect.stringContaining('--loki-url'),
  })
  expect(await endpointsWith({ portOffset: 3 })).toMatchObject({ tempo: { url: 'http://127.0.0.1:3203' } })
  await expect(endpointsWith({ urls: { tempo: 'tempo:3200' } })).rejects.toMatchObject({ code: 'bad-url', exit: 2 })
  expect(() => readHeader('tempo=hunter2')).toThrow(/^--header tempo\.\.\. is no header$/)
})
