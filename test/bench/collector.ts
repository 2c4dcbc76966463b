// What a span costs the processor, beside a real Collector: npm run bench -- collector --real PATH/TO/otelcol
// The same requests through the same config, five times each, in turns: ours alone in a process of its own, the real one,
// and the whole lab until Tempo has every span. Medians, and how many times as much as the real one takes.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { createInflate } from '../../src/embedded/compression.ts'
import { createOtlpGrpcClient, serveOtlpGrpc } from '../../src/embedded/otlp-grpc.ts'
import { decodeRequest } from '../../src/otlp/protobuf.ts'
import type { TracesData } from '../../src/otlp/types.ts'
import { freePortOffset } from '../support/lab.ts'
import { startOurs } from '../support/own-collector.ts'
import { freePort } from '../support/real-collector.ts'
import { cpuSeconds } from './load/process.ts'
import { type Request, spansRequests } from './load/requests.ts'

const { values } = parseArgs({
  options: {
    real: { type: 'string', default: process.env.OTELCOL ?? '' },
    spans: { type: 'string', default: '100000' },
    rounds: { type: 'string', default: '5' },
    /** The process of ours: runs this config until it is ended. */
    serve: { type: 'string' },
  },
})
const SENDERS = 4
const ALONE = 1.8
const WHOLE = 6

if (values.serve !== undefined) {
  await startOurs(readFileSync(values.serve, 'utf8'))
  console.log('Everything is ready')
} else if (values.real === '') {
  console.log('SKIPPED: --real or OTELCOL must name a Collector to compare with')
} else await compare()

async function compare(): Promise<void> {
  const size = Number(values.spans)
  const rounds = Number(values.rounds)
  const requests = [...spansRequests(size)]
  const dir = mkdtempSync(join(tmpdir(), 'otel-lab-ratio-'))
  const sink = await countingSink()
  const bin = resolve('dist/otel-lab.js')
  const offset = await freePortOffset()
  const env = { ...process.env, OTEL_LAB_DIR: '' }
  const lab = (...args: string[]) => spawnSync(process.execPath, [bin, ...args], { cwd: dir, env, encoding: 'utf8' })
  const ends: (() => void)[] = [() => lab('down'), sink.close, () => rmSync(dir, { recursive: true, force: true })]
  try {
    const up = lab('up', '--json', '--engine', 'embedded', '--port-offset', String(offset))
    if (up.status !== 0) throw new Error(up.stdout + up.stderr)
    const { pid } = JSON.parse(readFileSync(join(dir, '.otel-lab/run/embedded.json'), 'utf8'))
    const shipped = readFileSync(join(dir, 'configs/otel-collector-config.yaml'), 'utf8')
    const start = async (name: string, command: string, args: (file: string) => string[]) => {
      const port = await freePort()
      const file = join(dir, `${name}.yaml`)
      writeFileSync(file, await aloneConfig(shipped, port, sink.port))
      const child = spawn(command, args(file), { stdio: ['ignore', 'pipe', 'pipe'] })
      ends.unshift(() => void child.kill('SIGTERM'))
      await new Promise<void>((ready, fail) => {
        let said = ''
        for (const stream of [child.stdout, child.stderr]) {
          stream.on('data', (part) => {
            said += part
            if (said.includes('Everything is ready')) ready()
          })
        }
        child.once('close', () => fail(new Error(`${name} ended: ${said}`)))
      })
      return { pid: child.pid!, port }
    }
    const ours = await start('ours', process.execPath, (file) => [process.argv[1]!, '--serve', file])
    const real = await start('real', values.real, (file) => [`--config=file:${file}`])
    const alone = ({ pid, port }: { pid: number; port: number }) =>
      cost(pid, async () => {
        const goal = sink.count() + size
        await send(requests, port)
        while (sink.count() < goal) await sleep(20)
      })
    const tempo = `http://127.0.0.1:${3200 + offset}`
    const whole = (round: number) =>
      cost(pid, async () => {
        await send([...spansRequests(size, round * size)], 4317 + offset)
        while (!(await isThere(tempo, round, size))) await sleep(100)
        await quiet(pid)
      })
    const rows: { ours: number; real: number; whole: number }[] = []
    for (let round = 1; round <= rounds; round++) {
      const row = { ours: await alone(ours), real: await alone(real), whole: await whole(round) }
      rows.push(row)
      const per = (seconds: number) => `${((seconds / size) * 1e6).toFixed(1)} µs`
      console.log(
        `round ${round}: alone ${per(row.ours)} a span, the real one ${per(row.real)}, the whole lab ${per(row.whole)}`,
      )
    }
    const median = (which: 'ours' | 'real' | 'whole') =>
      rows.map((row) => row[which]).sort((a, b) => a - b)[rounds >> 1]!
    const say = (what: string, seconds: number, most: number) => {
      const ratio = seconds / median('real')
      if (ratio > most) process.exitCode = 1
      console.log(
        `${what.padEnd(34)}${ratio.toFixed(2).padStart(6)} x the real one   at most ${most} x ${ratio > most ? '✗' : '✓'}`,
      )
    }
    say('the collector alone', median('ours'), ALONE)
    say('the whole path into Tempo', median('whole'), WHOLE)
  } finally {
    for (const end of ends) end()
  }
}

/** The shipped traces pipeline between a port of ours and the sink. */
async function aloneConfig(shipped: string, port: number, sink: number): Promise<string> {
  const { parse, stringify } = await import('yaml')
  const config = parse(shipped)
  return stringify({
    receivers: { otlp: { protocols: { grpc: { endpoint: `127.0.0.1:${port}` } } } },
    processors: config.processors,
    exporters: {
      'otlp_grpc/tempo': {
        ...config.exporters['otlp_grpc/tempo'],
        endpoint: `127.0.0.1:${sink}`,
        // What cannot be taken at once waits, in both.
        sending_queue: { queue_size: 100_000 },
      },
    },
    service: { telemetry: { metrics: { level: 'none' } }, pipelines: { traces: config.service.pipelines.traces } },
  })
}

async function countingSink() {
  let count = 0
  const { port, close } = await serveOtlpGrpc({
    port: 0,
    maxMessageBytes: 64 << 20,
    inflate: createInflate(256 << 20),
    onExport: async (signal, bytes) => {
      for (const { scopes } of decodeRequest(signal, bytes) as TracesData)
        for (const { items } of scopes) count += items.length
      return {}
    },
  })
  return { port, close: () => void close(), count: () => count }
}

async function cost(pid: number, work: () => Promise<void>): Promise<number> {
  const before = cpuSeconds(pid)
  await work()
  return cpuSeconds(pid) - before
}

/** Until it rests: blocks are written when the traces are there long since. */
async function quiet(pid: number): Promise<void> {
  for (let calm = 0; calm < 3; ) {
    const before = cpuSeconds(pid)
    await sleep(1_000)
    calm = cpuSeconds(pid) - before < 0.1 ? calm + 1 : 0
  }
}

async function send(requests: readonly Request[], port: number): Promise<void> {
  const client = createOtlpGrpcClient('127.0.0.1', port, {
    compression: 'none',
    inflate: createInflate(64 << 20),
    timeoutMs: 60_000,
  })
  let next = 0
  const sender = async () => {
    while (next < requests.length) {
      const { signal, bytes } = requests[next++]!
      while (
        !(await client.export(signal, bytes).then(
          () => true,
          () => false,
        ))
      )
        await sleep(50)
    }
  }
  await Promise.all(Array.from({ length: SENDERS }, sender))
  client.close()
}

/** Whether Tempo has the last traces of a round; a look at all of it would cost more than what is measured. */
async function isThere(tempo: string, round: number, size: number): Promise<boolean> {
  const last = Math.floor(((round + 1) * size - 1) / 8)
  const found = await Promise.all(
    [0, 1, 2, 3].map(async (back) => {
      const id = (1 + last - back * 64).toString(16).padStart(32, '0')
      return (await fetch(`${tempo}/api/traces/${id}`)).status === 200
    }),
  )
  return found.every(Boolean)
}
