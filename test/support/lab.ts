import { spawn } from 'node:child_process'
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { PORTS } from '../../src/engine.ts'

const BIN = resolve('dist/otel-lab.js')

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

interface RunOptions {
  env?: Record<string, string>
  cwd?: string
  signal?: AbortSignal
  /** Told what it has printed so far, each time there is more. */
  onOutput?: (text: string) => void
}

export interface TestLab {
  dir: string
  /** An offset at which every port of the lab was free a moment ago. */
  offset: number
  run(args: string[], options?: RunOptions): Promise<Ran>
  /** What the run file says of the background process. */
  process(): Promise<{ pid: number; port: number; token: string } | undefined>
  /** Ends whatever this lab started and removes its folder. */
  close(): Promise<void>
}

/** A temporary folder in which the built `otel-lab` can be run. */
export async function testLab(): Promise<TestLab> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'otel-lab-')))
  const offset = await freePortOffset()
  const run: TestLab['run'] = (args, options = {}) =>
    new Promise((done, fail) => {
      const child = spawn(process.execPath, [BIN, ...args], {
        cwd: options.cwd ?? dir,
        // A daemon of this machine must not change which engine a lab takes.
        env: { ...process.env, NO_COLOR: '1', OTEL_LAB_DIR: '', DOCKER_HOST: 'unix:///nowhere', ...options.env },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const out = { stdout: '', stderr: '' }
      for (const name of ['stdout', 'stderr'] as const) {
        child[name].on('data', (chunk: Buffer) => {
          out[name] += chunk.toString('utf8')
          options.onOutput?.(out.stdout + out.stderr)
        })
      }
      options.signal?.addEventListener('abort', () => child.kill('SIGINT'))
      child.on('error', fail)
      child.on('close', (code) => done({ code, ...out }))
    })
  const processOf: TestLab['process'] = async () => {
    const text = await readFile(join(dir, '.otel-lab/run/embedded.json'), 'utf8').catch(() => undefined)
    return text === undefined ? undefined : JSON.parse(text)
  }
  return {
    dir,
    offset,
    run,
    process: processOf,
    async close() {
      const running = await processOf()
      await run(['down']).catch(() => {})
      try {
        if (running) process.kill(running.pid, 'SIGKILL')
      } catch {
        // It is gone, as it should be.
      }
      await rm(dir, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** Tests run side by side: each takes offsets of its own thousand, by chance, and looks whether they are free. */
export async function freePortOffset(): Promise<number> {
  while (true) {
    const offset = 1000 + Math.floor(Math.random() * 40_000)
    const free = await Promise.all(Object.values(PORTS).map((port) => isFree(port + offset)))
    if (free.every(Boolean)) return offset
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer()
    server.once('error', () => done(false))
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)))
  })
}
