// What a newcomer waits for and what the idle lab weighs, beside the targets. `npm run bench -- startup`
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const BIN = resolve('dist/otel-lab.js')
const ROUNDS = 15
const OFFSET = 20_000 + Math.floor(Math.random() * 20_000)

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]
function timed(args, options = {}) {
  const began = performance.now()
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', ...options })
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
  return performance.now() - began
}

/** Resident memory of one process, in MiB, by /proc or ps. */
function residentMib(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024
  } catch {
    return Number(spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).stdout) / 1024
  }
}

const bare = []
const version = []
// Taken in turns, so that whatever else the machine does weighs on both.
for (let i = 0; i < ROUNDS; i++) {
  bare.push(timed(['-e', '0']))
  version.push(timed([BIN, '--version']))
}

const ups = []
/** Beside each `up`, so that the ratio is of the same minute. */
const beside = []
let resident = 0
for (let i = 0; i < 5; i++) {
  const cwd = mkdtempSync(join(tmpdir(), 'otel-lab-bench-'))
  try {
    beside.push(timed(['-e', '0']))
    ups.push(timed([BIN, 'up', '--json', '--port-offset', String(OFFSET)], { cwd }))
    const { pid } = JSON.parse(readFileSync(join(cwd, '.otel-lab/run/embedded.json'), 'utf8'))
    // Idle, with Prometheus having scraped at least once.
    if (i === 0) await sleep(20_000)
    resident = Math.max(resident, residentMib(pid))
  } finally {
    spawnSync(process.execPath, [BIN, 'down'], { cwd })
    rmSync(cwd, { recursive: true, force: true })
  }
}

const ratio = median(version) / median(bare)
const cold = median(ups) / median(beside)
const rows = [
  ['node -e 0', `${median(bare).toFixed(0)} ms`, ''],
  [
    'otel-lab --version',
    `${median(version).toFixed(0)} ms, ${ratio.toFixed(2)} x node -e 0`,
    'at most 2.2 x',
    ratio <= 2.2,
  ],
  [
    'otel-lab up, cold, to every backend ready',
    `${(median(ups) / 1000).toFixed(2)} s, ${cold.toFixed(2)} x node -e 0`,
    'at most 6 x',
    cold <= 6,
  ],
  ['idle lab, resident', `${resident.toFixed(0)} MiB`, 'under 150 MB', resident * 1.048576 < 150],
]
for (const [what, seen, target, met] of rows) {
  console.log(`${what.padEnd(44)}${seen.padEnd(32)}${target.padEnd(16)}${met === undefined ? '' : met ? '✓' : '✗'}`)
}
process.exitCode = rows.every(([, , , met]) => met !== false) ? 0 : 1
