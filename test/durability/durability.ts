import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { freePortOffset } from '../support/lab.ts'
import { Random } from '../support/random.ts'
import { damageJournal } from './damage.ts'
import { type Acknowledged, missing } from './found.ts'
import { startSenders } from './senders.ts'

// What the senders were told is safe is kept here; each round the lab's process is killed in the middle and started
// again, and what the round had is looked for. At the end all of every round is looked for once more.
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
  },
})
const rounds = Number(values.rounds)
const random = new Random(Number(values.seed))
const cwd = mkdtempSync(join(tmpdir(), 'otel-lab-durability-'))
const offset = await freePortOffset()
const lab = (...args: string[]) => {
  const env = { ...process.env, OTEL_LAB_DIR: '', NO_COLOR: '1' }
  return spawnSync(process.execPath, [resolve('dist/otel-lab.js'), ...args], { cwd, env, encoding: 'utf8' })
}
const up = () => {
  const { status, stdout, stderr } = lab('up', '--engine', 'embedded', '--port-offset', String(offset))
  if (status !== 0) throw new Error(`otel-lab up ended with ${status}:\n${stdout}${stderr}`)
  return JSON.parse(readFileSync(join(cwd, '.otel-lab/run/embedded.json'), 'utf8')).pid as number
}

const NONE: Acknowledged = { traces: [], logs: [], metrics: new Map() }
const all: Acknowledged[] = []
let lost = 0
console.log(`seed ${values.seed}, ${rounds} rounds`)
try {
  let pid = up()
  for (let round = 1; round <= rounds; round++) {
    const acknowledged: Acknowledged = { traces: [], logs: [], metrics: new Map() }
    all.push(acknowledged)
    const senders = startSenders(offset, round, acknowledged)
    const curious = readPage(offset)
    const after = 200 + random.below(3000)
    await sleep(after)
    process.kill(pid, 'SIGKILL')
    await senders.stop()
    curious.stop()
    pid = up()
    const gone = await look(acknowledged)
    console.log(`round ${round}: killed after ${after} ms, ${count([acknowledged])} acknowledged, ${gone} lost`)
  }
  const whole: Acknowledged = {
    traces: all.flatMap(({ traces }) => traces),
    logs: all.flatMap(({ logs }) => logs),
    metrics: new Map(all.flatMap(({ metrics }) => [...metrics])),
  }
  console.log(`all rounds once more: ${count([whole])} acknowledged, ${await look(whole)} lost`)
  for (const service of ['tempo', 'loki']) pid = await damage(service, pid, whole)
} finally {
  lab('down')
  rmSync(cwd, { recursive: true, force: true })
}
process.exitCode = lost === 0 && count(all) > 0 ? 0 : 1

/** Whoever looks at the collector's page besides Prometheus must not cost Prometheus anything. */
function readPage(at: number): { stop(): void } {
  let stopped = false
  void (async () => {
    while (!stopped) {
      await fetch(`http://127.0.0.1:${8889 + at}/metrics`)
        .then((answer) => answer.text())
        .catch(() => {})
      await sleep(50)
    }
  })()
  return {
    stop() {
      stopped = true
    },
  }
}

/** Bytes turned over in the middle of a journal cost what they hit, not what comes behind it, and status says so. */
async function damage(service: string, pid: number, whole: Acknowledged): Promise<number> {
  process.kill(pid, 'SIGKILL')
  await sleep(500)
  const hit = damageJournal(cwd, service)
  const again = up()
  if (hit === undefined) {
    console.log(`${service}: no journal to damage`)
    return again
  }
  const gone = await missing(
    offset,
    service === 'tempo' ? { ...NONE, traces: whole.traces } : { ...NONE, logs: whole.logs },
  )
  const all = service === 'tempo' ? whole.traces.length : whole.logs.length
  const { services } = JSON.parse(lab('status', '--json').stdout) as {
    services: { name: string; damaged?: string[] }[]
  }
  const told = services.find(({ name }) => name === service)?.damaged?.length ?? 0
  console.log(
    `${service}: 16 of ${hit.bytes} bytes damaged at ${hit.at}: ${gone.length} of ${all} records lost, ${told} file set aside`,
  )
  // What is behind the damage is at least nearly half of what the file had.
  if (told === 0 || gone.length > all / 3) lost++
  return again
}

async function look(acknowledged: Acknowledged): Promise<number> {
  const gone = await missing(offset, acknowledged)
  for (const one of gone.slice(0, 10)) console.log(`  LOST ${one}`)
  lost += gone.length
  return gone.length
}

function count(list: Acknowledged[]): number {
  return list.reduce((sum, { traces, logs, metrics }) => sum + traces.length + logs.length + metrics.size, 0)
}
