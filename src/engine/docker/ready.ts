import { setTimeout as sleep } from 'node:timers/promises'
import type { Container, ContainerInspectInfo } from 'dockerode'
import type { ServiceName } from '../../engine.ts'
import { LabError } from '../../errors.ts'
import { httpRequest } from '../../util/http.ts'
import { READY_PAGES } from '../ready-pages.ts'
import { daemonError, statusOf } from './errors.ts'
import { containerFailed, lastLines } from './failure.ts'
import type { DockerLab } from './lab.ts'

const POLL_MS = 100
const READY_MS = 90_000

export interface WaitOptions {
  /** It is one that does its work and ends. */
  mayEnd?: boolean
  signal?: AbortSignal
  timeoutMs?: number
}

/**
 * Waits until a container's service answers over HTTP from here: the images have no shell to ask with.
 * Throws LabError `service-failed` as soon as the container ends, `not-ready` at the deadline.
 */
export async function waitUntilReady(
  lab: DockerLab,
  service: string,
  container: Container,
  options: WaitOptions = {},
): Promise<void> {
  const deadline = Date.now() + (options.timeoutMs ?? READY_MS)
  let restarts: number | undefined
  while (true) {
    options.signal?.throwIfAborted()
    const info = await inspect(lab, service, container)
    restarts ??= info.RestartCount
    const { Status, ExitCode } = info.State
    if (Status === 'exited' && ExitCode === 0 && options.mayEnd) return
    // A restart policy would try again and again; what fails at once, fails again.
    if (Status !== 'running' || info.RestartCount > restarts) throw await containerFailed(service, container, info)
    const { ready, why } = await askReady(lab, service, container, info)
    if (ready) return
    if (Date.now() > deadline) {
      throw new LabError('not-ready', `${service} is not ready: ${why}`, {
        hint: `otel-lab logs ${service} --tail 20`,
      })
    }
    await sleep(POLL_MS, undefined, { signal: options.signal })
  }
}

/** A container's state; one that is gone has failed. */
export async function inspect(lab: DockerLab, service: string, container: Container): Promise<ContainerInspectInfo> {
  try {
    return await container.inspect()
  } catch (error) {
    if (statusOf(error) === 404) {
      throw new LabError('service-failed', `the container of ${service} was removed meanwhile`, {
        hint: 'otel-lab up',
      })
    }
    throw await daemonError(error, `look at ${service}`, lab.host)
  }
}

/** One look at a container that runs. */
export async function askReady(
  { facts: { address } }: Pick<DockerLab, 'facts'>,
  service: string,
  container: Container,
  info: ContainerInspectInfo,
): Promise<{ ready: boolean; why: string }> {
  const page = READY_PAGES[service as ServiceName] as { port: number; path: string } | undefined
  const published = page && publishedPort(info, page.port)
  if (page === undefined || published === undefined) {
    // Where there is nothing to ask from here; the daemon asks seldom, and an image may lack what it asks with.
    const health = info.State.Health?.Status
    const ready = health !== 'unhealthy' && health !== 'starting'
    return { ready, why: ready ? '' : `its health check says ${health}` }
  }
  const url = `http://${address}:${published}${page.path}`
  try {
    const answer = await httpRequest(url, { timeoutMs: 2_000 })
    if (answer.status === 200) return { ready: true, why: '' }
    return { ready: false, why: `${url} says: ${answer.status} ${answer.text.trim().slice(0, 2_000)}` }
  } catch (error) {
    if (service === 'otel-collector' && (await saysItRuns(container, info))) return { ready: true, why: '' }
    return { ready: false, why: `${url} does not answer: ${(error as Error).message}` }
  }
}

/** The port of this machine on which a container's is published. */
export function publishedPort(info: Pick<ContainerInspectInfo, 'NetworkSettings'>, port: number): number | undefined {
  const bindings = info.NetworkSettings.Ports[`${port}/tcp`] as { HostPort: string }[] | null | undefined
  const [first] = bindings ?? []
  return first ? Number(first.HostPort) : undefined
}

/** A collector whose config has no health_check extension has no page; its log tells. */
async function saysItRuns(container: Container, info: ContainerInspectInfo): Promise<boolean> {
  const lines = await lastLines(container, info.State.StartedAt, 400).catch(() => [])
  return lines.some((line) => line.includes('Everything is ready. Begin running and processing data.'))
}
