import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { watchMemory } from '../bench/load/process.ts'
import { freePortOffset } from '../support/lab.ts'

export interface DurableLab {
  dir: string
  offset: number
  run(...args: string[]): { status: number | null; stdout: string; stderr: string }
  /** Throws when it does not come up. */
  up(): number
  kill(): Promise<void>
  /** `.damaged` files that status tells of, by service. */
  damaged(): Record<string, string[]>
  /** Rewrites a file of `configs/`. */
  edit(file: string, change: (text: string) => string): void
  /** Rewrites the collector's config. */
  collector(change: (text: string) => string): void
  peakMib(): number
  close(): void
}

/** A lab in a folder of its own, or in one that is given. */
export async function durableLab(folder?: string): Promise<DurableLab> {
  const dir = folder ?? mkdtempSync(join(tmpdir(), 'otel-lab-durability-'))
  mkdirSync(dir, { recursive: true })
  const offset = await freePortOffset()
  const peaks: (() => number)[] = []
  let pid = 0
  const run: DurableLab['run'] = (...args) => {
    const env = { ...process.env, OTEL_LAB_DIR: '', NO_COLOR: '1' }
    return spawnSync(process.execPath, [resolve('dist/otel-lab.js'), ...args], { cwd: dir, env, encoding: 'utf8' })
  }
  const edit: DurableLab['edit'] = (name, change) => {
    const file = join(dir, 'configs', name)
    writeFileSync(file, change(readFileSync(file, 'utf8')))
  }
  return {
    dir,
    offset,
    run,
    up() {
      const { status, stdout, stderr } = run('up', '--engine', 'embedded', '--port-offset', String(offset))
      if (status !== 0) throw new Error(`otel-lab up ended with ${status}:\n${stdout}${stderr}`)
      pid = JSON.parse(readFileSync(join(dir, '.otel-lab/run/embedded.json'), 'utf8')).pid
      peaks.push(watchMemory(pid))
      return pid
    },
    async kill() {
      process.kill(pid, 'SIGKILL')
      await sleep(500)
    },
    damaged() {
      const { services } = JSON.parse(run('status', '--json').stdout)
      return Object.fromEntries(
        services.map((one: { name: string; damaged?: string[] }) => [one.name, one.damaged ?? []]),
      )
    },
    edit,
    collector: (change) => edit('otel-collector-config.yaml', change),
    peakMib: () => Math.max(...peaks.map((peak) => peak())),
    close() {
      run('down')
      rmSync(dir, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}
