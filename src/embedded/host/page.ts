import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { distFile } from '../../util/package-root.ts'

/** A page that ends by itself is started again, ever more slowly, and so often at most. */
const TRIES = 5
const PAUSE_MS = 1_000
const SOUND_MS = 60_000

/** It serves a few files and passes answers on: what it holds is bounded. */
const NODE_FLAGS = ['--max-semi-space-size=2', '--max-old-space-size=256']

/**
 * Keeps the lab's page going in a process of its own, `otel-lab page`: it asks the lab as a stranger would, by the
 * engine's contract, which this process must not know. It ends when we do, however we end.
 */
export function keepPage(root: string, log: (text: string) => void): { stop(): void } {
  let child: ChildProcess | undefined
  let stopped = false

  async function run(): Promise<void> {
    for (let tries = 0; tries < TRIES && !stopped; tries++) {
      await sleep(tries * PAUSE_MS)
      if (stopped) return
      const page = spawn(process.execPath, [...NODE_FLAGS, distFile('otel-lab'), 'page'], {
        cwd: root,
        env: { ...process.env, OTEL_LAB_DIR: root, NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      })
      child = page
      const began = Date.now()
      for (const stream of [page.stdout!, page.stderr!])
        stream.on('data', (text) => log(`page: ${String(text).trim()}`))
      const code = await new Promise((done) => page.once('error', done).once('exit', done))
      // What ran for a while broke for another reason than the time before.
      if (Date.now() - began > SOUND_MS) tries = 0
      if (!stopped) log(`the page ended: ${code instanceof Error ? code.message : code}`)
    }
  }
  run().catch((error: Error) => log(`the page: ${error.message}`))
  return {
    stop() {
      stopped = true
      child?.kill('SIGTERM')
    },
  }
}
