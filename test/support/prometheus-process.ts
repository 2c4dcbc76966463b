import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createNetwork } from '../../src/embedded/network.ts'
import { startPrometheus } from '../../src/embedded/prometheus/prometheus.ts'

export interface Server {
  url: string
  stop(): Promise<void>
}

/** The version of a real Prometheus on this machine; undefined when there is none. */
export function realPrometheus(): string | undefined {
  try {
    return execFileSync('prometheus', ['--version'], { stdio: ['ignore', 'pipe', 'pipe'] })
      .toString()
      .split(' (')[0]
  } catch {
    return undefined
  }
}

/** An empty real Prometheus that takes remote writes. */
export async function startReal(): Promise<Server> {
  const dir = await mkdtemp(join(tmpdir(), 'real-prometheus-'))
  const port = await freePort()
  await writeFile(join(dir, 'prometheus.yml'), 'global: {scrape_interval: 1h}\n')
  const child: ChildProcess = spawn(
    'prometheus',
    [
      `--config.file=${join(dir, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(dir, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-remote-write-receiver',
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  )
  const url = `http://127.0.0.1:${port}`
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  for (let tries = 0; ; tries++) {
    const ready = await fetch(`${url}/-/ready`).then(
      (r) => r.ok,
      () => false,
    )
    if (ready) break
    if (tries > 100 || child.exitCode !== null) throw new Error('the real Prometheus did not start')
    await sleep(200)
  }
  return {
    url,
    async stop() {
      child.kill()
      await ended
      await rm(dir, { recursive: true, force: true })
    },
  }
}

/** The embedded one, empty, on any free port. */
export async function startEmbedded(): Promise<Server> {
  const dir = await mkdtemp(join(tmpdir(), 'embedded-prometheus-'))
  const network = createNetwork({ portOffset: 0 })
  network.bindPort = () => 0
  const configText = 'global: {scrape_interval: 1h}\n'
  const configPath = join(dir, 'prometheus.yml')
  await writeFile(configPath, configText)
  const service = await startPrometheus({
    name: 'prometheus',
    network,
    dataDir: join(dir, 'data'),
    configText,
    configPath,
    env: {},
    log: () => {},
  })
  return {
    url: `http://127.0.0.1:${service.ports().http}`,
    async stop() {
      await service.stop()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
