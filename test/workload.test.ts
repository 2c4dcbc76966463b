import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttp } from 'node:http'
import { connect, createServer as createHttp2 } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { workloadEnv } from '../src/workload/environment.ts'
import { openRelay } from '../src/workload/relay.ts'
import { newRunId, startWorkload, typedCommand } from '../src/workload.ts'

const doors = { otlpGrpc: { url: 'http://127.0.0.1:4317' }, otlpHttp: { url: 'http://127.0.0.1:4318' } }
const node = (script: string) => [process.execPath, '-e', script]

test('run ids sort by time', () => {
  const ids = [1.7e12, 1.8e12, 2.5e12].map((now) => newRunId(now))
  expect(ids).toEqual([...ids].sort())
  for (const id of ids) expect(id).toMatch(/^r[0-9a-z]{10}$/)
})

test('the environment marks the run and keeps what the user set', () => {
  const env = workloadEnv({
    env: {
      OTEL_RESOURCE_ATTRIBUTES: 'team=mri, service.instance.id=mine',
      OTEL_LOGS_EXPORTER: 'console',
      PATH: '/bin',
    },
    doors,
    runId: 'r1',
    ownProgram: false,
  })
  expect(env).toMatchObject({
    PATH: '/bin',
    OTEL_RESOURCE_ATTRIBUTES: 'team=mri,otel_lab.run.id=r1,service.instance.id=r1',
    OTEL_LOGS_EXPORTER: 'console',
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4317',
  })
  expect(env.OTEL_BSP_SCHEDULE_DELAY).toBeUndefined()
  const http = workloadEnv({ env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' }, doors, runId: 'r1', ownProgram: true })
  expect(http).toMatchObject({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318', OTEL_BSP_SCHEDULE_DELAY: '200' })
})

test('a program runs to its end: lines, exit code, signal', async () => {
  const lines: string[] = []
  const result = await startWorkload({
    command: node('console.log(process.env.OTEL_RESOURCE_ATTRIBUTES); console.error("oh"); process.exitCode = 3'),
    endpoints: doors,
    onLine: (line, stream) => lines.push(`${stream} ${line}`),
  })
  expect(result.exitCode).toBe(3)
  expect(result.stdout).toEqual([`otel_lab.run.id=${result.runId},service.instance.id=${result.runId}`])
  expect(lines.sort()).toEqual([`stderr oh`, `stdout ${result.stdout[0]}`])

  const abort = new AbortController()
  const interrupted = await startWorkload({
    command: node(
      'process.on("SIGINT", () => { console.log("flushed"); process.exit(130) }); setInterval(() => {}, 1e3); console.log("up")',
    ),
    endpoints: doors,
    signal: abort.signal,
    onLine: (line) => line === 'up' && abort.abort(),
  })
  expect(interrupted).toMatchObject({ exitCode: 130, stdout: ['up', 'flushed'] })
})

test('what cannot be started is said so', async () => {
  const onLine = () => {}
  await expect(startWorkload({ command: ['no-such-program'], endpoints: doors, onLine })).rejects.toMatchObject({
    code: 'command-not-found',
  })
  await expect(startWorkload({ command: ['./package.json'], endpoints: doors, onLine })).rejects.toMatchObject({
    code: 'not-executable',
  })
  await expect(startWorkload({ command: ['true'], endpoints: {}, onLine })).rejects.toMatchObject({ code: 'no-otlp' })
})

test('the relay takes HTTP/1.1 and HTTP/2 at one address', async () => {
  const http = createHttp((_, answer) => answer.end('one')).listen(0, '127.0.0.1')
  const http2 = createHttp2().listen(0, '127.0.0.1')
  http2.on('stream', (stream) => stream.end('two'))
  await new Promise((done) => setTimeout(done, 20))
  const port = (server: { address(): unknown }) => (server.address() as AddressInfo).port
  const relay = await openRelay({ grpc: port(http2), http: port(http) })
  try {
    expect(await (await fetch(relay.url)).text()).toBe('one')
    const session = connect(relay.url)
    const stream = session.request({ ':path': '/' })
    let text = ''
    for await (const chunk of stream) text += chunk
    expect(text).toBe('two')
    session.close()
  } finally {
    relay.close()
    http.close()
    http2.close()
  }
})

test('a file of the learner is run as it was typed, or by what runs files of its ending', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'otel-lab-typed-'))
  const file = join(dir, 'scan.mjs')
  await writeFile(file, '')
  expect(await typedCommand([file, 'a'])).toEqual([process.execPath, file, 'a'])
  expect(await typedCommand([join(dir, 'scan')])).toEqual([process.execPath, file])
  expect(await typedCommand([join(dir, 'none')])).toEqual([join(dir, 'none')])
  expect(await typedCommand(['node', file])).toEqual(['node', file])
  await chmod(file, 0o755)
  expect(await typedCommand([file])).toEqual([file])
  await rm(dir, { recursive: true })
})
