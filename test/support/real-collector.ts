import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The real Collector that OTELCOL names, and its version; undefined without one. */
export function realCollector(): { path: string; version: string } | undefined {
  const path = process.env.OTELCOL
  if (path === undefined) return undefined
  const { stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' })
  const version = /\d+\.\d+\.\d+/.exec(stdout ?? '')?.[0]
  return version === undefined ? undefined : { path, version }
}

export interface RealCollector {
  /** What it wrote so far. */
  log(): string
  /** Undefined while it runs. */
  exitCode(): number | null
  stop(): Promise<void>
}

/** Starts it; resolves when it is ready, or has ended. */
export async function startRealCollector(path: string, config: string): Promise<RealCollector> {
  const dir = await mkdtemp(join(tmpdir(), 'otelcol-'))
  const file = join(dir, 'config.yaml')
  await writeFile(file, config)
  const child = spawn(path, ['--config', file], { stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (log += part))
  const ended = new Promise<void>((done) => child.once('close', () => done()))
  while (child.exitCode === null && !log.includes('Everything is ready')) await sleep(20)
  return {
    log: () => log,
    exitCode: () => child.exitCode,
    async stop() {
      child.kill('SIGTERM')
      await ended
      await rm(dir, { recursive: true, force: true })
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as { port: number }
  await new Promise((done) => server.close(done))
  return port
}
