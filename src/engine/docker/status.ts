import { setTimeout as sleep } from 'node:timers/promises'
import type { Container, ContainerInfo, ContainerInspectInfo, ContainerStats } from 'dockerode'
import { type EngineStatus, SERVICES, type ServiceName, type ServiceStatus } from '../../engine.ts'
import { configChanged } from './apply.ts'
import { labContainers } from './containers.ts'
import { daemonError, statusOf } from './errors.ts'
import { containerFailed } from './failure.ts'
import type { DockerLab } from './lab.ts'
import { LABEL } from './labels.ts'
import { purposeOf } from './ports.ts'
import { askReady } from './ready.ts'

/** How long a service may be on its way before that is a problem. */
const STARTING_MS = 30_000
/** Between the two looks at a container's processor time. */
const SAMPLE_MS = 120

export async function statusOfLab(lab: DockerLab): Promise<EngineStatus> {
  const containers = await labContainers(lab)
  const names = SERVICES.filter((name) => lab.project.file.services[name] !== undefined)
  try {
    const services = await Promise.all(names.map((name) => statusOfService(lab, name, containers.get(name))))
    const starts = await Promise.all(services.map(({ startedAt }) => startedAt))
    const times = starts.filter((time) => time !== undefined).map((time) => time.getTime())
    return {
      kind: 'docker',
      running: [...containers.values()].some(({ State }) => State === 'running' || State === 'restarting'),
      services: services.map(({ startedAt: _, ...rest }) => rest),
      ...(times.length > 0 && { startedAt: new Date(Math.min(...times)) }),
    }
  } catch (error) {
    throw await daemonError(error, 'look at the containers', lab.host)
  }
}

async function statusOfService(
  lab: DockerLab,
  name: ServiceName,
  there: ContainerInfo | undefined,
): Promise<ServiceStatus & { startedAt?: Date }> {
  if (there === undefined) return { name, state: 'stopped', ports: {} }
  const container = lab.docker.getContainer(there.Id)
  const info = await container.inspect().catch((error) => {
    // It went away between the two calls.
    if (statusOf(error) === 404) return undefined
    throw error
  })
  if (info === undefined) return { name, state: 'stopped', ports: {} }
  const detail = `${info.Config.Image}, container ${there.Id.slice(0, 12)}`
  const { Status } = info.State
  if (Status !== 'running') {
    const state = Status === 'restarting' || Status === 'paused' ? 'unhealthy' : 'stopped'
    const problem = await problemOf(name, container, info)
    return { name, state, ports: {}, detail, ...(problem && { problem }) }
  }
  const [answer, usage] = await Promise.all([
    askReady(lab, name, container, info),
    usageOf(container, lab.project.file.services[name]?.memoryBytes),
  ])
  const startedAt = new Date(info.State.StartedAt)
  const late = Date.now() - startedAt.getTime() > STARTING_MS
  const old = info.Config.Labels[LABEL.rolledBack] !== undefined && (await configChanged(lab, name, there.Id))
  const problem = answer.ready ? (old ? ROLLED_BACK : undefined) : answer.why
  return {
    name,
    state: answer.ready ? 'ready' : late ? 'unhealthy' : 'starting',
    ports: portsOf(name, info),
    detail,
    startedAt,
    ...usage,
    ...(problem && { problem }),
  }
}

const ROLLED_BACK =
  'it runs with its config from before: the one in the lab was refused\nMend it, then: otel-lab restart, or: otel-lab config reset'

async function problemOf(name: string, container: Container, info: ContainerInspectInfo): Promise<string | undefined> {
  const { Status, ExitCode } = info.State
  if (Status === 'paused') return `it is paused\ndocker unpause ${info.Name.slice(1)}`
  if (Status === 'created') return 'it was made but never started\notel-lab up'
  if (Status === 'exited' && (ExitCode === 0 || ExitCode === 143)) return undefined
  const { message, hint } = await containerFailed(name, container, info)
  const loop = Status === 'restarting' ? 'it is in a crash loop: ' : ''
  return [loop + message, hint].filter(Boolean).join('\n')
}

/** Published ports by the purposes that the embedded engine names too. */
function portsOf(name: ServiceName, info: ContainerInspectInfo): Record<string, number> {
  const ports: Record<string, number> = {}
  for (const [inside, bindings] of Object.entries(info.NetworkSettings.Ports)) {
    const [first] = (bindings as { HostPort: string }[] | null) ?? []
    if (first) ports[purposeOf(name, Number.parseInt(inside, 10))] = Number(first.HostPort)
  }
  return ports
}

/** Memory without the page cache, as `docker stats` counts it, and the processor's share between two looks. */
async function usageOf(
  container: Container,
  limit = Number.POSITIVE_INFINITY,
): Promise<{ memoryBytes?: number; cpuPercent?: number }> {
  const look = () => container.stats({ stream: false, 'one-shot': true }) as Promise<ContainerStats>
  try {
    const first = await look()
    await sleep(SAMPLE_MS)
    const second = await look()
    const { usage = 0, stats } = second.memory_stats
    const cache = (stats?.inactive_file ?? (stats as { total_inactive_file?: number })?.total_inactive_file) || 0
    const used = second.cpu_stats.cpu_usage.total_usage - first.cpu_stats.cpu_usage.total_usage
    const passed = second.cpu_stats.system_cpu_usage - first.cpu_stats.system_cpu_usage
    const cpus = second.cpu_stats.online_cpus || 1
    const memoryBytes = Math.max(0, usage - cache)
    return {
      // Rootless without control groups, it is the whole machine that is counted.
      ...(memoryBytes <= limit && { memoryBytes }),
      ...(passed > 0 && { cpuPercent: Math.round((used / passed) * cpus * 1000) / 10 }),
    }
  } catch {
    // It ended meanwhile, or the daemon counts nothing.
    return {}
  }
}
