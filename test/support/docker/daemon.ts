import { spawn } from 'node:child_process'
import { accessSync, constants, openSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findDaemon } from '../../../src/engine/docker/daemon.ts'

export interface TestDaemon {
  host: string
  /** Ends it when it was started for the test. */
  stop(): Promise<void>
}

const START_MS = 30_000

/**
 * A Docker daemon for the tests: the one that answers, else one of our own where we are root and there is a dockerd.
 * Otherwise says why there is none.
 */
export async function testDaemon(): Promise<TestDaemon | { missing: string }> {
  const found = await findDaemon(process.env).catch(() => undefined)
  if (found?.host.startsWith('unix://')) return { host: found.host, stop: async () => found.close() }
  const dockerd = onPath('dockerd')
  if (dockerd === undefined) return { missing: 'no daemon answers and there is no dockerd on PATH' }
  if (process.getuid?.() !== 0) return { missing: 'no daemon answers, and only root can start dockerd' }
  return startDaemon(dockerd)
}

/** A dockerd with everything of its own in a temporary folder. */
export async function startDaemon(dockerd = onPath('dockerd')!): Promise<TestDaemon | { missing: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'otel-lab-dockerd-'))
  const host = `unix://${join(dir, 'docker.sock')}`
  const log = join(dir, 'dockerd.log')
  const out = openSync(log, 'w')
  const folders = ['--data-root', join(dir, 'data'), '--exec-root', join(dir, 'exec'), '--pidfile', join(dir, 'pid')]
  const child = spawn(dockerd, [...folders, '-H', host], { stdio: ['ignore', out, out] })
  const stop = async () => {
    if (child.exitCode === null) {
      const ended = new Promise((done) => child.once('exit', done))
      child.kill('SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
      await ended
      clearTimeout(late)
    }
    await rm(dir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }).catch(() => {})
  }
  const deadline = Date.now() + START_MS
  while (Date.now() < deadline && child.exitCode === null) {
    const answers = await findDaemon({ DOCKER_HOST: host }).catch(() => undefined)
    if (answers) return { host, stop }
    await sleep(100)
  }
  const said = (await readFile(log, 'utf8')).trim().split('\n').slice(-3).join('\n')
  await stop()
  return { missing: `dockerd does not start here:\n${said}` }
}

function onPath(program: string): string | undefined {
  for (const dir of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']) {
    try {
      accessSync(join(dir, program), constants.X_OK)
      return join(dir, program)
    } catch {
      // Not in this one.
    }
  }
  return undefined
}
