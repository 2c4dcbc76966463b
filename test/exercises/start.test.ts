import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { placeStart } from '../../src/exercises/start-files.ts'
import { loadCourse, restoreStart } from '../../src/exercises.ts'
import { linkSdk } from '../../src/workspace.ts'

const run = promisify(execFile)
const packageRoot = process.cwd()
let lab: string
let folder: string

beforeEach(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'otel-lab-start-'))
  lab = join(dir, 'lab')
  folder = join(dir, 'exercise')
  await mkdir(join(lab, 'app'), { recursive: true })
  await mkdir(join(folder, 'app'), { recursive: true })
  await writeFile(join(folder, 'app', 'scan.mjs'), 'console.log("${who}")\n')
})
afterEach(() => rm(join(lab, '..'), { recursive: true, force: true }))

const read = (path: string) => readFile(join(lab, path), 'utf8')
const place = () => placeStart({ start: ['app/scan.mjs'], folder }, lab, { who: 'sub-1' })
const restore = () => restoreStart({ start: ['app/scan.mjs'], folder }, lab, { who: 'sub-1' })

test('a starting program is there once, and never laid over what the learner wrote, in any language', async () => {
  expect(await place()).toEqual(['app/scan.mjs'])
  expect(await read('app/scan.mjs')).toBe('console.log("sub-1")\n')
  await writeFile(join(lab, 'app', 'scan.mjs'), 'mine')
  expect(await place()).toEqual([])
  expect(await read('app/scan.mjs')).toBe('mine')
  await rm(join(lab, 'app', 'scan.mjs'))
  await writeFile(join(lab, 'app', 'scan.py'), 'mine')
  expect(await place()).toEqual([])
})

test('reset brings it back and keeps what was there, again and again', async () => {
  await place()
  expect(await restore()).toEqual([])
  for (const [text, kept] of [
    ['one', 'app/scan.mjs.mine'],
    ['two', 'app/scan.mjs.mine-2'],
  ] as const) {
    await writeFile(join(lab, 'app', 'scan.mjs'), text)
    expect(await restore()).toEqual([kept])
    expect(await read(kept)).toBe(text)
    expect(await read('app/scan.mjs')).toBe('console.log("sub-1")\n')
  }
})

test('programs of the lab import the SDK and require it, with nothing installed', async () => {
  await linkSdk(lab, packageRoot)
  await writeFile(
    join(lab, 'app', 'a.mjs'),
    `import { trace } from '@opentelemetry/api'
     import { NodeSDK } from '@opentelemetry/sdk-node'
     import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
     const kept = new InMemorySpanExporter()
     const simple = new SimpleSpanProcessor(kept)
     const sdk = new NodeSDK({ spanProcessors: [simple] })
     sdk.start()
     trace.getTracer('t').startSpan('one').end()
     await simple.forceFlush()
     console.log(kept.getFinishedSpans().map((span) => span.name + ' ' + span.resource.attributes['service.name']).join())
     await sdk.shutdown()`,
  )
  await writeFile(join(lab, 'app', 'b.cjs'), `console.log(typeof require('@opentelemetry/sdk-node').NodeSDK)`)
  const env = {
    ...process.env,
    OTEL_SERVICE_NAME: 'scanner',
    OTEL_METRICS_EXPORTER: 'none',
    OTEL_LOGS_EXPORTER: 'none',
  }
  expect((await run(process.execPath, ['app/a.mjs'], { cwd: lab, env })).stdout).toBe('one scanner\n')
  expect((await run(process.execPath, ['app/b.cjs'], { cwd: lab, env })).stdout).toBe('function\n')
})

test('every package of the SDK can be loaded', async () => {
  await linkSdk(lab, packageRoot)
  const names = [
    'api-logs',
    'core',
    'context-async-hooks',
    ...['grpc', 'http', 'proto'].flatMap((how) =>
      ['trace', 'metrics', 'logs'].map((of) => `exporter-${of}-otlp-${how}`),
    ),
    'instrumentation-http',
    'instrumentation-undici',
    'propagator-b3',
    'resources',
    'sdk-metrics',
    'sdk-trace-node',
    'semantic-conventions',
    'semantic-conventions/incubating',
  ]
  const lines = names.map((name) => `import * as m from '@opentelemetry/${name}'`)
  const text = lines.map((line, i) => line.replace('* as m', `* as m${i}`)).join('\n')
  const counted = `console.log([${names.map((_, i) => `Object.keys(m${i}).length`).join()}].filter((n) => n === 0).length)`
  await writeFile(join(lab, 'app', 'all.mjs'), `${text}\n${counted}`)
  expect((await run(process.execPath, ['app/all.mjs'], { cwd: lab })).stdout).toBe('0\n')
})

test("a link to an otel-lab that is gone is made anew; the learner's own node_modules is not touched", async () => {
  const link = join(lab, 'node_modules', '@opentelemetry')
  await mkdir(join(lab, 'node_modules'))
  await linkSdk(lab, packageRoot)
  await expect(readlink(link)).rejects.toThrow()
  await symlink('/gone/dist/sdk/@opentelemetry', link)
  await linkSdk(lab, packageRoot)
  expect(await readlink(link)).toBe(join(packageRoot, 'dist', 'sdk', '@opentelemetry'))
  await rm(link)
  await mkdir(link)
  await linkSdk(lab, packageRoot)
  await expect(readlink(link)).rejects.toThrow()
})

test('no two exercises begin with a file of the same name: one that is there is never laid over', async () => {
  const { exercises } = await loadCourse()
  const paths = exercises.flatMap(({ start = [] }) => start)
  expect(paths.filter((path, i) => paths.indexOf(path) !== i)).toEqual([])
})
