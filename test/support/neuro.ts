import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const BIN = resolve('dist/neuro-preprocess.js')

export interface Ended {
  code: number | null
  stdout: string
  stderr: string
  /** The JSON lines of stderr. */
  lines: Record<string, unknown>[]
}

/** What the machine's own environment says of OpenTelemetry must not leak into a test. */
function cleanEnv(env: Record<string, string>): Record<string, string | undefined> {
  const own = Object.entries(process.env).filter(([name]) => !/^OTEL_|^TRACE|^BAGGAGE|^NO_COLOR/.test(name))
  return { ...Object.fromEntries(own), ...env }
}

/** Runs the built neuro-preprocess to its end; `onStart` may interrupt it. */
export function neuro(
  args: string[],
  env: Record<string, string> = { OTEL_SDK_DISABLED: 'true' },
  onStart: (child: ChildProcess) => void = () => {},
): Promise<Ended> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [BIN, ...args], { env: cleanEnv(env), stdio: ['ignore', 'pipe', 'pipe'] })
    const out = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk: Buffer) => {
        out[name] += chunk.toString('utf8')
      })
    }
    child.on('error', fail)
    child.on('close', (code) => {
      const lines = out.stderr.split('\n').filter((line) => line.startsWith('{'))
      done({ code, ...out, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) })
    })
    onStart(child)
  })
}

export interface TempDir {
  path(...parts: string[]): string
  remove(): Promise<void>
}

export async function tempDir(): Promise<TempDir> {
  const dir = await mkdtemp(join(tmpdir(), 'neuro-'))
  return {
    path: (...parts) => join(dir, ...parts),
    remove: () => rm(dir, { recursive: true, force: true, maxRetries: 3 }),
  }
}
