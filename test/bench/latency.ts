// What `otel-lab latency` says against what is known to be true: npm run bench -- latency [--only batch,scrape,sdk,delay]
// For each row a lab with these settings. What must come out is the sum of its waits' means and the work that a lab
// without waits has; the hop must be the one that was slowed. On a busy machine the allowed error is as much wider as
// timers of this very process were late.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { freePortOffset } from '../support/lab.ts'
import { delayedWay } from './latency/delayed.ts'

const BIN = resolve('dist/otel-lab.js')
const { values } = parseArgs({
  options: { only: { type: 'string', default: 'batch,scrape,sdk,delay' }, probes: { type: 'string', default: '60' } },
})
const ONLY = new Set(values.only.split(','))
const DELAY_MS = 400

interface Hop {
  key: string
  mean: number
}
interface Door {
  sightings: { what: string; seenAt: number; madeAt: number }[]
  median: number
  errorMs: number
  count: number
  hops: Hop[]
  findings: { hop: string }[]
}
type Doors = Record<string, Door>
interface Settings {
  batch: number
  scrape: number
  /** `127.0.0.1:PORT` by exporter or target, in the place of the backend. */
  ways?: { tempo?: number; loki?: number; page?: number }
}

async function withLab<T>(
  settings: Settings,
  work: (lab: { dir: string; offset: number; run: typeof runLab }) => Promise<T>,
): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), 'otel-lab-truth-'))
  const offset = await freePortOffset()
  try {
    const up = await runLab(dir, ['up', '--json', '--engine', 'embedded', '--port-offset', String(offset)])
    if (up.code !== 0) throw new Error(up.stdout + up.stderr)
    await configure(dir, settings)
    return await work({ dir, offset, run: runLab })
  } finally {
    spawnSync(process.execPath, [BIN, 'down'], { cwd: dir, env: env() })
    rmSync(dir, { recursive: true, force: true, maxRetries: 3 })
  }
}

async function configure(dir: string, { batch, scrape, ways = {} }: Settings): Promise<void> {
  const edited: string[] = []
  const edit = (name: string, service: string, replace: (text: string) => string) => {
    const path = join(dir, 'configs', name)
    const before = readFileSync(path, 'utf8')
    const after = replace(before)
    if (after !== before) edited.push(service)
    writeFileSync(path, after)
  }
  edit('otel-collector-config.yaml', 'otel-collector', (text) => {
    let result = text.replace('timeout: 1s\n', `timeout: ${batch}ms\n`)
    if (ways.tempo) result = result.replace('endpoint: tempo:4317', `endpoint: 127.0.0.1:${ways.tempo}`)
    if (ways.loki) result = result.replace('http://loki:3100/otlp', `http://127.0.0.1:${ways.loki}/otlp`)
    return result
  })
  edit('prometheus.yml', 'prometheus', (text) => {
    const set = text.replace('scrape_interval: 15s', `scrape_interval: ${scrape}ms`)
    return ways.page ? set.replace('otel-collector:8889', `127.0.0.1:${ways.page}`) : set
  })
  // Two clocks of one period would keep their distance, and their waits not add up evenly.
  edit('tempo.yaml', 'tempo', (text) => text.replace('flush_check_period: 1s', 'flush_check_period: 700ms'))
  // Tempo's own door has another port after each of its starts: it is left alone where nothing changed.
  for (const service of edited) {
    const { code, stdout, stderr } = await runLab(dir, ['restart', service])
    if (code !== 0) throw new Error(stdout + stderr)
  }
}

const env = (more: Record<string, string> = {}) => ({
  ...process.env,
  NO_COLOR: '1',
  OTEL_LAB_DIR: '',
  DOCKER_HOST: 'unix:///nowhere',
  ...more,
})

function runLab(cwd: string, args: string[], more: Record<string, string> = {}) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((done, fail) => {
    const child = spawn(process.execPath, [BIN, ...args], { cwd, env: env(more), stdio: ['ignore', 'pipe', 'pipe'] })
    const out = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk: Buffer) => {
        out[name] += chunk.toString('utf8')
      })
    }
    child.on('error', fail)
    child.on('close', (code) => done({ code, ...out }))
  })
}

/** How late timers were meanwhile, in milliseconds: what this machine cannot promise. */
const lag = monitorEventLoopDelay({ resolution: 5 })

async function measured(dir: string, args: string[], more: Record<string, string> = {}): Promise<Doors> {
  lag.reset()
  lag.enable()
  const { code, stdout, stderr } = await runLab(dir, ['latency', '--json', ...args], more)
  lag.disable()
  // 3: a program without metrics or logs has none to wait for.
  if (code !== 0 && code !== 3) throw new Error(`latency ended with ${code}: ${stdout.slice(-500)} ${stderr}`)
  const doors = JSON.parse(stdout).measures as Doors
  for (const door of Object.values(doors)) {
    const sorted = door.sightings.map(({ seenAt, madeAt }) => seenAt - madeAt).sort((a, b) => a - b)
    door.median = (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2
  }
  return doors
}
const probes = (dir: string) => measured(dir, ['--tap', '--runs', values.probes, '--warmup', '2'])

let failed = false
const show = (cells: string[]) =>
  console.log(cells.map((cell, i) => cell.padEnd([30, 26, 12, 12, 12, 4][i] ?? 0)).join(''))
const ms = (value: number) => `${Math.round(value)} ms`

function row(name: string, what: string, expected: number, got: number, hop?: { wanted: string; named: string }) {
  const allowed = Math.max(30, 0.05 * expected) + Math.max(0, lag.percentile(95) / 1e6 - 10)
  const good = Math.abs(got - expected) <= allowed && (hop === undefined || hop.named === hop.wanted)
  failed ||= !good
  show([name, what, ms(expected), ms(got), `± ${ms(allowed)}`, good ? '✓' : '✗', hop ? ` ${hop.named}` : ''])
}

/** The hop that took the most more than it does without its wait. */
function slowed(door: Door, usual: Door): string {
  const before = new Map(usual.hops.map(({ key, mean }) => [key, mean]))
  const more = door.hops.map(({ key, mean }) => ({ key, more: mean - (before.get(key) ?? 0) }))
  return more.sort((a, b) => b.more - a.more)[0]!.key
}

show(['WHAT', 'DOOR', 'MUST BE', 'IS', 'ALLOWED', '', ' SLOWED HOP'])
// timeout: 0 sends at once: what is left is work.
const usual = await withLab({ batch: 0, scrape: 1_000 }, ({ dir }) => probes(dir))
/** What the same run spent on work: all hops that no setting prescribes, but for the one that was slowed. */
const WAITS = /^(sdk|processor\/batch|cut|scrape)$/
const workIn = ({ hops }: Door, slow?: string) =>
  hops.filter(({ key }) => !WAITS.test(key) && key !== slow).reduce((sum, { mean }) => sum + mean, 0)

const meanOf = ({ hops }: Door, key: string) => hops.find((hop) => hop.key === key)?.mean ?? 0

if (ONLY.has('batch')) {
  for (const batch of [200, 1_000, 3_000]) {
    await withLab({ batch, scrape: 1_000 }, async ({ dir }) => {
      const doors = await probes(dir)
      for (const door of ['trace-by-id', 'logs', 'trace-by-search']) {
        const hop = { wanted: 'processor/batch', named: slowed(doors[door]!, usual[door]!) }
        // Tempo's cut: idle for a second, then its check of 700 ms.
        const cut = door === 'trace-by-search' ? 1_000 + 350 : 0
        row(`batch.timeout ${batch} ms`, door, workIn(doors[door]!) + batch / 2 + cut, doors[door]!.median, hop)
      }
    })
  }
}
if (ONLY.has('scrape')) {
  for (const scrape of [1_000, 5_000, 15_000]) {
    await withLab({ batch: 0, scrape }, async ({ dir }) => {
      const { metrics } = await probes(dir)
      const hop = { wanted: 'scrape', named: [...metrics!.hops].sort((a, b) => b.mean - a.mean)[0]!.key }
      row(`scrape_interval ${scrape} ms`, 'metrics', workIn(metrics!) + scrape / 2, metrics!.median, hop)
    })
  }
}
if (ONLY.has('sdk')) {
  for (const [delay, count] of [
    ['200', 60],
    ['5000', 60],
  ] as const) {
    await withLab({ batch: 0, scrape: 1_000 }, async ({ dir }) => {
      const truth = join(dir, 'truth')
      const program = resolve('test/bench/latency/programs/sdk.mjs')
      const every = Number(delay) === 200 ? 100 : 500
      const doors = await measured(
        dir,
        [
          '--runs',
          '1',
          '--warmup',
          '0',
          '--deadline',
          '5s',
          '--',
          process.execPath,
          program,
          String(count),
          String(every),
        ],
        { OTEL_BSP_SCHEDULE_DELAY: delay, TRUTH_FILE: truth },
      )
      const told = new Map(
        readFileSync(truth, 'utf8')
          .trim()
          .split('\n')
          .map((line) => line.split(' ') as [string, string]),
      )
      const seen = doors['trace-by-id']!.sightings
      // It tells when it sends; the way to the collector is measured too, as `send` is of probes.
      const way = meanOf(usual['trace-by-id']!, 'send')
      const mean = seen.reduce((sum, { what }) => sum + Number(told.get(what)), 0) / seen.length + way
      const hop = doors['trace-by-id']!.hops.find(({ key }) => key === 'sdk')!
      const named = [...doors['trace-by-id']!.hops].sort((a, b) => b.mean - a.mean)[0]!.key
      row(`OTEL_BSP_SCHEDULE_DELAY ${delay}`, 'SDK queue, mean', mean, hop.mean, { wanted: 'sdk', named })
    })
  }
}
if (ONLY.has('delay')) {
  const backends = [
    ['tempo', 'push', 'trace-by-id', 'exporter/otlp_grpc/tempo'],
    ['loki', 'push', 'logs', 'exporter/otlp_http/loki'],
    ['page', 'page', 'metrics', 'ingest'],
  ] as const
  for (const [name, kind, door, wanted] of backends) {
    await withLab({ batch: 0, scrape: 1_000 }, async ({ dir, offset }) => {
      const port = name === 'page' ? 8889 + offset : name === 'loki' ? 3100 + offset : await tempoPort(dir)
      const way = await delayedWay(port, DELAY_MS, kind)
      try {
        await configure(dir, { batch: 0, scrape: 1_000, ways: { [name]: way.port } })
        const doors = await probes(dir)
        const hop = { wanted, named: slowed(doors[door]!, usual[door]!) }
        row(
          `${DELAY_MS} ms before ${name === 'page' ? 'Prometheus' : name}`,
          door,
          workIn(doors[door]!, wanted) + (name === 'page' ? 500 : 0) + meanOf(usual[door]!, wanted) + DELAY_MS,
          doors[door]!.median,
          hop,
        )
        const found = doors[door]!.findings.map((finding) => finding.hop)
        if (!found.includes(wanted)) {
          failed = true
          show(['', `no finding names ${wanted}, only ${found.join(', ') || 'none'}`])
        }
      } finally {
        way.close()
      }
    })
  }
}
process.exitCode = failed ? 1 : 0

async function tempoPort(dir: string): Promise<number> {
  const { stdout } = await runLab(dir, ['status', '--json'])
  const status = JSON.parse(stdout) as { services: { name: string; ports: Record<string, number> }[] }
  return status.services.find(({ name }) => name === 'tempo')!.ports['otlp-grpc']!
}
