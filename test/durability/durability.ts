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

// What the senders were told is safe is written down in memory; each round the lab's process is killed in the middle,
// started again, and all of it is looked for. The last round looks for what every round before it had, too.
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

const acknowledged: Acknowledged = { traces: [], logs: [], metrics: new Map() }
let lost = 0
console.log(`seed ${values.seed}, ${rounds} rounds`)
try {
  let pid = up()
  for (let round = 1; round <= rounds; round++) {
    const before = count()
    const senders = startSenders(offset, round, acknowledged)
    const after = 200 + random.below(3000)
    await sleep(after)
    process.kill(pid, 'SIGKILL')
    await senders.stop()
    pid = up()
    const gone = await missing(offset, acknowledged)
    for (const one of gone.slice(0, 10)) console.log(`  LOST ${one}`)
    lost += gone.length
    console.log(`round ${round}: killed after ${after} ms, ${count() - before} acknowledged, ${gone.length} lost`)
  }
} finally {
  lab('down')
  rmSync(cwd, { recursive: true, force: true })
}
console.log(`${count()} acknowledged in all, ${lost} lost`)
process.exitCode = lost === 0 && count() > 0 ? 0 : 1

function count(): number {
  return acknowledged.traces.length + acknowledged.logs.length + acknowledged.metrics.size
}
