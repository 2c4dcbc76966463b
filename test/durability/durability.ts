import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { freePortOffset } from '../support/lab.ts'
import { Random } from '../support/random.ts'
import { type Acknowledged, missing } from './found.ts'
import { startSenders } from './senders.ts'

// What the senders were told is safe is kept here; each round the lab's process is killed in the middle and started
// again, and what the round had is looked for. At the end all of every round is looked for once more.
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, seed: { type: 'string', default: '1' } },
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

const all: Acknowledged[] = []
let lost = 0
console.log(`seed ${values.seed}, ${rounds} rounds`)
try {
  let pid = up()
  for (let round = 1; round <= rounds; round++) {
    const acknowledged: Acknowledged = { traces: [], logs: [], metrics: new Map() }
    all.push(acknowledged)
    const senders = startSenders(offset, round, acknowledged)
    const after = 200 + random.below(3000)
    await sleep(after)
    process.kill(pid, 'SIGKILL')
    await senders.stop()
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
} finally {
  lab('down')
  rmSync(cwd, { recursive: true, force: true })
}
process.exitCode = lost === 0 && count(all) > 0 ? 0 : 1

async function look(acknowledged: Acknowledged): Promise<number> {
  const gone = await missing(offset, acknowledged)
  for (const one of gone.slice(0, 10)) console.log(`  LOST ${one}`)
  lost += gone.length
  return gone.length
}

function count(list: Acknowledged[]): number {
  return list.reduce((sum, { traces, logs, metrics }) => sum + traces.length + logs.length + metrics.size, 0)
}
