// How long a single item waits in the collector, ours beside a real one: npm run bench -- clocks --real PATH/TO/otelcol
// Spans come alone, at random moments, through eight pipelines each; the delay is from sending until the exporter's
// request is here. Without --real only ours is measured, beside what a clock that runs free must give.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startCollector } from '../../src/embedded/collector/collector.ts'
import { createNetwork } from '../../src/embedded/network.ts'
import { decodeRequest } from '../../src/otlp/protobuf.ts'
import { freePortOffset } from '../support/lab.ts'

const { values } = parseArgs({ options: { real: { type: 'string' }, rounds: { type: 'string', default: '8' } } })
const LANES = 8
const ROUNDS = Number(values.rounds)
const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95]

const [base, dir] = [await freePortOffset(), await mkdtemp(join(tmpdir(), 'otel-lab-clocks-'))]
const arrivals = new Map<string, number>()
const sink = createServer((request, answer) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const at = performance.now()
    for (const { scopes } of decodeRequest('traces', Buffer.concat(chunks)))
      for (const { items } of scopes) for (const { name } of items) arrivals.set(name, at)
    answer.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
  })
})
await new Promise<void>((done) => sink.listen(0, '127.0.0.1', done))
const sinkPort = (sink.address() as AddressInfo).port

type Where = 'batch' | 'sending_queue.batch'
const config = (where: Where, timeout: number, port: number) => {
  const lanes = Array.from({ length: LANES }, (_, i) => i)
  const queue =
    where === 'batch' ? '' : `, sending_queue: {batch: {flush_timeout: ${timeout}ms, min_size: 8192, sizer: items}}`
  return [
    'receivers:',
    ...lanes.map((i) => `  otlp/${i}: {protocols: {http: {endpoint: '127.0.0.1:${port + i}'}}}`),
    'processors:',
    ...lanes.map((i) => `  batch/${i}: {timeout: ${timeout}ms}`),
    'exporters:',
    ...lanes.map((i) => `  otlp_http/${i}: {endpoint: 'http://127.0.0.1:${sinkPort}', compression: none${queue}}`),
    'service:',
    '  telemetry: {metrics: {level: none}}',
    '  pipelines:',
    ...lanes.map(
      (i) =>
        `    traces/${i}: {receivers: [otlp/${i}], processors: [${where === 'batch' ? `batch/${i}` : ''}], exporters: [otlp_http/${i}]}`,
    ),
  ].join('\n')
}

async function send(port: number, name: string): Promise<void> {
  const span = {
    traceId: '1'.padStart(32, '0'),
    spanId: '1'.padStart(16, '0'),
    name,
    startTimeUnixNano: '1',
    endTimeUnixNano: '2',
  }
  const answer = await fetch(`http://127.0.0.1:${port}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
  })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
}

/** Milliseconds from sending to arrival, ascending. */
async function delays(side: string, timeout: number, portOf: (lane: number) => number): Promise<number[]> {
  const list: number[] = []
  await Promise.all(
    Array.from({ length: LANES }, async (_, lane) => {
      for (let round = 0; round < ROUNDS; round++) {
        await sleep(Math.random() * timeout)
        const name = `${side} ${timeout} ${lane} ${round}`
        const sent = performance.now()
        await send(portOf(lane), name)
        while (!arrivals.has(name)) await sleep(2)
        list.push(arrivals.get(name)! - sent)
      }
    }),
  )
  return list.sort((a, b) => a - b)
}

async function ours(where: Where, timeout: number): Promise<number[]> {
  const network = createNetwork({ portOffset: 0 })
  const service = await startCollector({
    name: 'otel-collector',
    network,
    dataDir: join(dir, `${where}-${timeout}`),
    configText: config(where, timeout, base + 100),
    configPath: 'collector.yaml',
    env: {},
    log: () => {},
  })
  const list = await delays(
    `ours ${where}`,
    timeout,
    (lane) => network.resolve('app', 'otel-collector', base + 100 + lane)!.port,
  )
  await service.stop()
  return list
}

async function real(path: string, where: Where, timeout: number): Promise<number[]> {
  const file = join(dir, 'real.yaml')
  await writeFile(file, config(where, timeout, base + 200))
  const child: ChildProcess = spawn(path, [`--config=file:${file}`], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr!.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8')
  })
  const gone = new Promise((done) => child.on('close', done))
  try {
    for (let i = 0; !said.includes('Everything is ready'); i++) {
      if (i > 300 || child.exitCode !== null) throw new Error(`the real collector does not start: ${said}`)
      await sleep(50)
    }
    return await delays(`real ${where}`, timeout, (lane) => base + 200 + lane)
  } finally {
    child.kill('SIGTERM')
    await gone
  }
}

const show = (cells: string[]) => console.log(cells.map((cell, i) => cell.padEnd(i === 0 ? 34 : 10)).join(''))
const rank = (list: number[], q: number) => list[Math.min(list.length - 1, Math.ceil(q * list.length) - 1)]!
const row = (name: string, list: number[]) =>
  show([name, ...QUANTILES.map((q) => `${rank(list, q).toFixed(0)} ms`), String(list.length)])

let apart = false
try {
  show(['', ...QUANTILES.map((q) => `p${q * 100}`), 'n'])
  for (const where of ['batch', 'sending_queue.batch'] as const) {
    for (const timeout of [200, 1000, 3000]) {
      const [own, theirs] = await Promise.all([
        ours(where, timeout),
        values.real === undefined ? undefined : real(values.real, where, timeout),
      ])
      row(`${where} ${timeout} ms, ours`, own)
      // The one is a clock that runs free, the other starts with the first item.
      const grid = Array.from({ length: own.length }, (_, i) => ((i + 0.5) / own.length) * timeout)
      const expected = theirs ?? (where === 'batch' ? grid : grid.map(() => timeout))
      row(`${' '.repeat(where.length)} ${theirs ? 'the real one' : 'expected'}`, expected)
      // Kolmogorov and Smirnov's distance of two samples, at one in a thousand.
      const critical = 1.95 * Math.sqrt(2 / own.length)
      const distance =
        where === 'batch' ? ksDistance(own, expected) : Math.abs(rank(own, 0.5) - rank(expected, 0.5)) / timeout
      const same = where === 'batch' ? distance <= critical : distance <= 0.1
      show([`${' '.repeat(where.length)} ${same ? 'the same' : 'NOT THE SAME'} (distance ${distance.toFixed(2)})`])
      apart ||= !same
    }
  }
} finally {
  sink.closeAllConnections()
  sink.close()
  await rm(dir, { recursive: true, force: true })
}
process.exitCode = apart ? 1 : 0

function ksDistance(a: number[], b: number[]): number {
  const below = (list: number[], value: number) => list.filter((one) => one <= value).length / list.length
  return Math.max(...[...a, ...b].map((value) => Math.abs(below(a, value) - below(b, value))))
}
