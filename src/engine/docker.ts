import type { ContainerInspectInfo } from 'dockerode'
import { type Engine, SERVICES, type ServiceName, type UpEvent } from '../engine.ts'
import { EXIT, LabError } from '../errors.ts'
import type { Workspace } from '../workspace.ts'
import { applyConfig } from './docker/apply.ts'
import { labContainers, stopContainer } from './docker/containers.ts'
import { findDaemon } from './docker/daemon.ts'
import { takeDown } from './docker/down.ts'
import { daemonError } from './docker/errors.ts'
import { daemonFacts } from './docker/facts.ts'
import type { PullPolicy } from './docker/images.ts'
import { textAtStart } from './docker/kept.ts'
import type { DockerLab } from './docker/lab.ts'
import { readLogs } from './docker/logs.ts'
import { withoutShutDoors } from './docker/open-doors.ts'
import { endpointsOf } from './docker/ports.ts'
import { inspect } from './docker/ready.ts'
import { type DockerSettings, loadProject, rememberedSettings } from './docker/settings.ts'
import { statusOfLab } from './docker/status.ts'
import { bringUp } from './docker/up.ts'
import { validateCollectorConfig } from './docker/validate.ts'

export interface DockerEngineOptions extends DockerSettings {
  portOffset?: number
  pull?: PullPolicy
  env?: Record<string, string | undefined>
  /** Another file than the one that comes with otel-lab. */
  composePath?: string
}

/** The stack as real containers of a Docker daemon, by stack/compose.yaml. */
export function createDockerEngine(workspace: Workspace, options: DockerEngineOptions = {}): Engine {
  const { env = process.env, composePath, pull = 'missing', portOffset: offsetNow, ...said } = options
  let opened: Promise<DockerLab> | undefined

  async function portOffset(): Promise<number> {
    return offsetNow ?? (await workspace.state()).portOffset ?? 0
  }

  async function settings(): Promise<DockerSettings> {
    const { project, images, grafana } = said
    return rememberedSettings(workspace, {
      ...(project !== undefined && { project }),
      ...(images !== undefined && { images }),
      ...(grafana !== undefined && { grafana }),
    })
  }

  async function open(): Promise<DockerLab> {
    const project = await loadProject(workspace, {
      ...(await settings()),
      portOffset: await portOffset(),
      env,
      ...(composePath && { composePath }),
    })
    const { docker, host } = await findDaemon(env)
    const facts = await daemonFacts(docker, host).catch(async (error) => {
      throw await daemonError(error, 'say what it is', host)
    })
    return { docker, host, project, workspace, facts, carried: (await settings()).carried === true }
  }

  /** Found once for each command; a failure is not kept. */
  function theLab(): Promise<DockerLab> {
    opened ??= open().catch((error) => {
      opened = undefined
      throw error
    })
    return opened
  }

  async function running(): Promise<Map<string, ContainerInspectInfo>> {
    const lab = await theLab()
    const found = new Map<string, ContainerInspectInfo>()
    for (const [service, { Id, State }] of await labContainers(lab)) {
      if (State === 'running') found.set(service, await inspect(lab, service, lab.docker.getContainer(Id)))
    }
    if (found.size > 0) return found
    throw new LabError('lab-down', `the lab in ${workspace.root} is not running`, { hint: 'otel-lab up' })
  }

  return {
    kind: 'docker',
    can: { lifecycle: true, logs: true, configure: true },
    async up({ onEvent, signal, replaces }) {
      const began = performance.now()
      const tell = (event: Omit<UpEvent, 'elapsedMs'>) =>
        onEvent?.({ ...event, elapsedMs: Math.round(performance.now() - began) })
      await workspace.exclusively(
        async () => {
          const lab = await theLab()
          // What is killed half way is still this engine's to look at and to stop.
          const onCommit = async (carried: boolean) =>
            workspace.setState({
              engine: 'docker',
              portOffset: await portOffset(),
              docker: { ...(await settings()), project: lab.project.name, carried },
            })
          await bringUp(lab, {
            pull,
            env,
            tell,
            onCommit,
            ...(replaces && { replaces }),
            ...(signal ? { signal } : {}),
          })
        },
        signal ? { signal } : {},
      )
    },
    down: (downOptions) =>
      workspace.exclusively(async () => takeDown(await theLab(), downOptions), { orWithout: true }),
    status: async () => statusOfLab(await theLab()),
    async endpoints() {
      const containers = await running()
      const lab = await theLab()
      const published = endpointsOf((service) => containers.get(service), await portOffset(), lab.facts.address)
      const collector = containers.get('otel-collector')
      const text = collector && (await runningText(lab, 'otel-collector', collector))
      return withoutShutDoors(published, text)
    },
    async restart(service) {
      await workspace.exclusively(async () => {
        const lab = await theLab()
        if (lab.project.file.services[service] === undefined) throw noSuchService(lab, service)
        const containers = await labContainers(lab)
        const container = containers.get(service)
        const anyRuns = [...containers.values()].some(({ State }) => State === 'running')
        if (container === undefined || !anyRuns) {
          throw new LabError('lab-down', `the lab in ${workspace.root} is not running`, { hint: 'otel-lab up' })
        }
        await applyConfig(lab, service, container)
      })
    },
    stop: (service) =>
      workspace.exclusively(async () => {
        const lab = await theLab()
        const container = (await labContainers(lab)).get(service)
        if (container === undefined) throw noSuchService(lab, service)
        await stopContainer(lab, service, lab.docker.getContainer(container.Id))
      }),
    async *logs(logOptions) {
      const services = logOptions.services.length > 0 ? logOptions.services : [...SERVICES]
      yield* readLogs(await theLab(), { ...logOptions, services })
    },
    async runningConfig(service) {
      const lab = await theLab()
      const container = (await labContainers(lab)).get(service)
      if (container?.State !== 'running') return undefined
      return runningText(lab, service, await inspect(lab, service, lab.docker.getContainer(container.Id)))
    },
    validateCollectorConfig: async (text) => validateCollectorConfig(await theLab(), text),
  }
}

const runningText = (lab: DockerLab, service: ServiceName, { Id, Config, State }: ContainerInspectInfo) =>
  textAtStart(lab, service, { Id, Labels: Config.Labels }, Date.parse(State.StartedAt))

function noSuchService(lab: DockerLab, service: ServiceName): LabError {
  const services = SERVICES.filter((name) => lab.project.file.services[name])
  return new LabError('no-such-service', `this lab runs no ${service}`, {
    hint: `Its services: ${services.join(', ')}`,
    exit: EXIT.usage,
  })
}
