import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Acknowledged, missing } from './found.ts'
import { type DurableLab, durableLab } from './lab.ts'
import { startSenders } from './senders.ts'
import { type Outcome, STORE_CASES } from './stores.ts'

// What disks and folders do to a lab, a case each: what was acknowledged is there afterwards, and what went wrong is said.

const SEND_MS = 2_000
const none = (): Acknowledged => ({ traces: [], logs: [], metrics: new Map() })
const count = ({ traces, logs, metrics }: Acknowledged) => traces.length + logs.length + metrics.size

async function send(lab: DurableLab, round: number, to: Acknowledged, ms = SEND_MS): Promise<void> {
  const senders = startSenders(lab.offset, round, to)
  await sleep(ms)
  await senders.stop()
}

const CASES: Record<string, (lab: DurableLab) => Promise<Outcome>> = {
  async 'a chunk of Loki damaged: its bytes are kept, and no later chunk takes its place'(lab) {
    const [first, second] = [none(), none()]
    lab.up()
    await send(lab, 1, first)
    await missing(lab.offset, first)
    await fetch(`http://127.0.0.1:${3100 + lab.offset}/flush`, { method: 'POST' })
    const dir = join(lab.dir, '.otel-lab/store/loki/chunks')
    const chunk = await firstFile(dir)
    await lab.kill()
    const bytes = overturn(join(dir, chunk))
    lab.up()
    await send(lab, 2, second)
    await missing(lab.offset, { ...second, metrics: new Map() })
    await fetch(`http://127.0.0.1:${3100 + lab.offset}/flush`, { method: 'POST' })
    await sleep(500)
    const kept = readdirSync(dir).some(
      (file) => file.endsWith('.damaged') && readFileSync(join(dir, file)).equals(bytes),
    )
    const gone = await missing(lab.offset, second)
    const wrong = [
      kept ? '' : 'its bytes are not beside it',
      (lab.damaged().loki ?? []).length > 0 ? '' : 'status says nothing',
    ]
    return { acknowledged: count(second), lost: gone.length, wrong }
  },

  async 'the journal of the collector damaged: the rest is sent on, and status tells'(lab) {
    const acknowledged = none()
    lab.up()
    // Nobody takes the traces yet, so that the journal holds them.
    lab.collector((text) => text.replace('endpoint: tempo:4317', 'endpoint: tempo:4399'))
    lab.run('restart', 'otel-collector')
    await send(lab, 1, acknowledged)
    await lab.kill()
    const dir = join(lab.dir, '.otel-lab/store/otel-collector/journal')
    const file = join(dir, largest(dir))
    const bytes = readFileSync(file)
    for (let i = bytes.length >> 1; i < (bytes.length >> 1) + 16; i++) bytes[i]! ^= 0xa5
    writeFileSync(file, bytes)
    lab.collector((text) => text.replace('endpoint: tempo:4399', 'endpoint: tempo:4317'))
    lab.up()
    const traces = { ...none(), traces: acknowledged.traces }
    const gone = await missing(lab.offset, traces)
    const wrong = [
      (lab.damaged()['otel-collector'] ?? []).length > 0 ? '' : 'status says nothing',
      gone.length > acknowledged.traces.length / 3 ? `${gone.length} lost, far more than was hit` : '',
    ]
    // What the bytes hit is lost: one request or two, of twenty.
    return { acknowledged: count(traces), lost: Math.max(0, gone.length - 60), wrong }
  },

  async 'a file exporter in two pipelines: one writer, every line whole, nothing missing after a kill'(lab) {
    const acknowledged = none()
    lab.up()
    lab.collector((text) =>
      text
        .replace('exporters:\n', 'exporters:\n  file:\n    path: /data/kept.json\n    append: true\n')
        .replaceAll('exporters: [otlp_grpc/tempo]', 'exporters: [otlp_grpc/tempo, file]')
        .replaceAll('exporters: [otlp_http/loki]', 'exporters: [otlp_http/loki, file]'),
    )
    lab.run('restart', 'otel-collector')
    await send(lab, 1, acknowledged)
    await lab.kill()
    lab.up()
    await missing(lab.offset, { ...acknowledged, metrics: new Map() })
    await sleep(2_500)
    const path = find(lab.dir, 'kept.json')
    const text = path === undefined ? '' : readFileSync(path, 'utf8')
    const broken = text.split('\n').filter((line) => line !== '' && !isJson(line)).length
    const gone = [...acknowledged.traces, ...acknowledged.logs].filter((id) => !text.includes(id))
    return {
      acknowledged: acknowledged.traces.length + acknowledged.logs.length,
      lost: gone.length,
      // The kill may cut the line that was being written.
      wrong: [broken > 1 ? `${broken} lines are not whole` : ''],
    }
  },

  async 'a log file deleted while the lab runs: logs prints what comes, and it is there again'(lab) {
    lab.up()
    const file = join(lab.dir, '.otel-lab/logs/otel-collector.log')
    rmSync(file)
    lab.run('restart', 'otel-collector')
    let printed = ''
    for (const end = Date.now() + 10_000; printed.trim() === '' && Date.now() < end; await sleep(200)) {
      printed = lab.run('logs', 'otel-collector').stdout
    }
    const wrong = [
      printed.trim() === '' ? 'logs prints nothing' : '',
      existsSync(file) ? '' : 'the file is gone for good',
    ]
    return { acknowledged: 0, lost: 0, wrong }
  },

  // A batch before it would say yes and drop, and log it, as the real one's does.
  async 'a full queue without a batch before it: what it has no room for is kept or refused, never acknowledged and dropped'(
    lab,
  ) {
    const acknowledged = none()
    lab.up()
    lab.collector((text) =>
      text
        .replace('endpoint: tempo:4317', 'endpoint: tempo:4399\n    sending_queue: {queue_size: 2, num_consumers: 1}')
        .replace('filter/health, resource, batch]', 'filter/health, resource]'),
    )
    lab.run('restart', 'otel-collector')
    await send(lab, 1, acknowledged, 4_000)
    await lab.kill()
    lab.collector((text) => text.replace('endpoint: tempo:4399', 'endpoint: tempo:4317'))
    lab.up()
    const traces = { ...none(), traces: acknowledged.traces }
    return { acknowledged: count(traces), lost: (await missing(lab.offset, traces)).length, wrong: [] }
  },

  async 'a folder that cannot be read: said with its name, and all is there once it can be again'(lab) {
    const acknowledged = none()
    lab.up()
    await send(lab, 1, acknowledged)
    await missing(lab.offset, acknowledged)
    lab.run('down')
    // A file in its place: root, too, cannot open that as a folder.
    const store = join(lab.dir, '.otel-lab/store/tempo')
    const aside = `${store}.aside`
    spawnSync('mv', [store, aside])
    writeFileSync(store, '')
    const { status, stdout, stderr } = lab.run('up', '--engine', 'embedded', '--port-offset', String(lab.offset))
    const told = stdout + stderr
    lab.run('down')
    rmSync(store)
    spawnSync('mv', [aside, store])
    lab.up()
    const wrong = [
      status === 0 ? 'up says that all is well' : '',
      told.includes('store/tempo') ? '' : `it does not name the folder: ${told.slice(0, 200)}`,
    ]
    return { acknowledged: count(acknowledged), lost: (await missing(lab.offset, acknowledged)).length, wrong }
  },
}

/** On a small file system of its own; only root can make one. */
async function fullDisk(): Promise<Outcome | undefined> {
  const dir = mkdtempSync(join(tmpdir(), 'otel-lab-full-'))
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', dir]).status !== 0) return undefined
  const lab = await durableLab(join(dir, 'lab'))
  try {
    const acknowledged = none()
    lab.up()
    const left = () => Number(spawnSync('df', ['--output=avail', dir], { encoding: 'utf8' }).stdout.split('\n')[1])
    writeFileSync(join(dir, 'filler'), Buffer.alloc(Math.max(0, left() - 400) * 1024))
    const end = Date.now() + 120_000
    for (let round = 1; left() > 100 && Date.now() < end; round++) await send(lab, round, acknowledged, 5_000)
    const full = left()
    rmSync(join(dir, 'filler'))
    const gone = await missing(lab.offset, acknowledged)
    await lab.kill()
    lab.up()
    const after = await missing(lab.offset, { ...acknowledged, metrics: new Map() })
    const wrong = [full > 100 ? `the disk was not full: ${full} KB left` : '']
    peak = Math.max(peak, lab.peakMib())
    return { acknowledged: count(acknowledged), lost: gone.length + after.length, wrong }
  } finally {
    lab.run('down')
    spawnSync('umount', ['-l', dir])
    rmSync(dir, { recursive: true, force: true })
  }
}

// The kills' options are theirs.
const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, rounds: { type: 'string' }, seed: { type: 'string' } },
})
let bad = 0
let peak = 0
for (const [name, work] of Object.entries({ ...CASES, ...STORE_CASES }).filter(([name]) =>
  name.includes(values.only),
)) {
  const lab = await durableLab()
  try {
    tell(name, await work(lab))
    peak = Math.max(peak, lab.peakMib())
  } catch (error) {
    tell(name, { acknowledged: 0, lost: 0, wrong: [(error as Error).stack ?? String(error)] })
  } finally {
    lab.close()
  }
}
const full = 'full disk'.includes(values.only) ? await fullDisk() : 'not asked for'
if (full === 'not asked for') console.log('')
else if (full === undefined) console.log('skip a full disk: no file system can be made here')
else tell('a full disk: refused while it is full, and what was acknowledged is there, also after a kill', full)
console.log(`${bad === 0 ? 'nothing lost' : `${bad} cases wrong`}; peak ${peak.toFixed(0)} MiB`)
process.exitCode = bad === 0 ? 0 : 1

function tell(name: string, { acknowledged, lost, wrong }: Outcome): void {
  const faults = wrong.filter(Boolean)
  const ok = lost === 0 && faults.length === 0
  if (!ok) bad++
  console.log(`${ok ? 'ok  ' : 'BAD '} ${name}: ${acknowledged} acknowledged, ${lost} lost`)
  for (const fault of faults) console.log(`     ${fault}`)
}

async function firstFile(dir: string): Promise<string> {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(200)) {
    const file = existsSync(dir) ? readdirSync(dir).find((one) => statSync(join(dir, one)).isFile()) : undefined
    if (file !== undefined) return file
  }
  throw new Error(`nothing came into ${dir}`)
}

function largest(dir: string): string {
  return readdirSync(dir).sort((a, b) => statSync(join(dir, b)).size - statSync(join(dir, a)).size)[0]!
}

/** Turns bytes over near the end, where a chunk has its index; gives what the file holds now. */
function overturn(path: string): Buffer {
  const bytes = readFileSync(path)
  const at = bytes.length - 48
  for (let i = at; i < at + 16; i++) bytes[i]! ^= 0xa5
  writeFileSync(path, bytes)
  return bytes
}

function find(dir: string, name: string): string | undefined {
  const found = readdirSync(dir, { recursive: true, withFileTypes: true }).find((one) => one.name === name)
  return found && join(found.parentPath, found.name)
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}
