import type { Container, ContainerInfo } from 'dockerode'
import { containerSpec } from './container-spec.ts'
import { daemonError, statusOf } from './errors.ts'
import { type DockerLab, isOurs } from './lab.ts'
import { LABEL, ofProject } from './labels.ts'
import { networkName } from './project.ts'
import { tarOf } from './tar.ts'

/** Every container of the project, ours or not, running or not; no one-off ones. */
export async function projectContainers(lab: DockerLab): Promise<ContainerInfo[]> {
  const filters = ofProject(lab.project.name, { [LABEL.oneOff]: 'False' })
  try {
    return await lab.docker.listContainers({ all: true, filters })
  } catch (error) {
    throw await daemonError(error, 'list the containers', lab.host)
  }
}

/** This lab's containers by their service; of several the one that runs. */
export async function labContainers(lab: DockerLab): Promise<Map<string, ContainerInfo>> {
  const found = new Map<string, ContainerInfo>()
  for (const info of await projectContainers(lab)) {
    const service = info.Labels[LABEL.service]
    if (service === undefined || !isOurs(lab, info.Labels)) continue
    if (info.State === 'running' || !found.has(service)) found.set(service, info)
  }
  return found
}

/** Makes the container of a service and puts it on its networks; it is not started. `kept`: a folder of older configs. */
export async function createContainer(lab: DockerLab, service: string, kept?: string): Promise<Container> {
  const spec = containerSpec(lab, service, kept === undefined ? {} : { [lab.workspace.configsDir]: kept })
  if (kept !== undefined) spec.Labels![LABEL.rolledBack] = 'true'
  try {
    const container = await lab.docker.createContainer(spec)
    if (lab.facts.podman) await placesForTmpfs(lab, service, container)
    const [, ...others] = Object.entries(lab.project.file.services[service]!.networks)
    for (const [key, { aliases }] of others) {
      const network = lab.docker.getNetwork(networkName(lab.project, key))
      await network.connect({ Container: container.id, EndpointConfig: { Aliases: [service, ...aliases] } })
    }
    return container
  } catch (error) {
    throw await daemonError(error, `make the container of ${service}`, lab.host)
  }
}

/**
 * Where the image has no folder for a tmpfs, runc gives it from the second start on the mode of the folder that the first
 * one left, and root's. Docker is told an owner for it; for Podman the folder is there before, open to all.
 */
async function placesForTmpfs(lab: DockerLab, service: string, container: Container): Promise<void> {
  const paths = lab.project.file.services[service]!.tmpfs.map((text) => text.replace(/:.*/, '').replace(/^\/+/, ''))
  if (paths.length === 0) return
  await container.putArchive(tarOf(paths.map((path) => ({ path, mode: 0o1777 }))), { path: '/' })
}

export async function startContainer(lab: DockerLab, service: string, container: Container): Promise<void> {
  try {
    await container.start()
  } catch (error) {
    // 304: it runs already.
    if (statusOf(error) !== 304) throw await daemonError(error, `start ${service}`, lab.host)
  }
}

export async function restartContainer(lab: DockerLab, service: string, container: Container): Promise<void> {
  try {
    await container.restart()
  } catch (error) {
    throw await daemonError(error, `restart ${service}`, lab.host)
  }
}

export async function stopContainer(lab: DockerLab, service: string, container: Container): Promise<void> {
  try {
    await container.stop().catch(unless(304))
  } catch (error) {
    throw await daemonError(error, `stop ${service}`, lab.host)
  }
}

/** Stops it in its own time and removes it. That it is gone already is as good. */
export async function removeContainer(lab: DockerLab, id: string, name = id.slice(0, 12)): Promise<void> {
  const container = lab.docker.getContainer(id)
  try {
    await container.stop().catch(unless(304, 404))
    await container.remove({ force: true }).catch(unless(404, 409))
  } catch (error) {
    throw await daemonError(error, `remove ${name}`, lab.host)
  }
}

/** A handler that lets some of the daemon's answers pass. */
export const unless =
  (...statuses: number[]) =>
  (error: unknown) => {
    if (!statuses.includes(statusOf(error) ?? 0)) throw error
  }
