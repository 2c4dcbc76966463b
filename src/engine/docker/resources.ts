import { LabError } from '../../errors.ts'
import { unless } from './containers.ts'
import { daemonError, statusOf } from './errors.ts'
import { type DockerLab, isOurs } from './lab.ts'
import { COMPOSE_VERSION, LABEL, ofProject } from './labels.ts'
import { networkName, volumeName } from './project.ts'

/** What was made just now, so that a failed start can take it away again. */
export interface Made {
  networks: string[]
  volumes: string[]
}

/** Makes the networks and volumes that are used and not there. */
export async function ensureResources(lab: DockerLab, made: Made): Promise<void> {
  const { networks, volumes, services } = lab.project.file
  const used = new Set(
    Object.values(services).flatMap(({ networks: on, mounts }) => [
      ...Object.keys(on).map((key) => `network ${key}`),
      ...mounts.map(({ type, source }) => `${type} ${source}`),
    ]),
  )
  try {
    for (const key of Object.keys(networks)) if (used.has(`network ${key}`)) await ensureNetwork(lab, key, made)
    for (const key of Object.keys(volumes)) if (used.has(`volume ${key}`)) await ensureVolume(lab, key, made)
  } catch (error) {
    throw await daemonError(error, 'make the networks and volumes', lab.host)
  }
}

async function ensureNetwork(lab: DockerLab, key: string, made: Made): Promise<void> {
  const { docker, project } = lab
  const name = networkName(project, key)
  const wanted = project.file.networks[key]!
  const [there] = (await docker.listNetworks({ filters: JSON.stringify({ name: [`^${name}$`] }) })).filter(
    (one) => one.Name === name,
  )
  if (there !== undefined) {
    if (wanted.external || (there.Labels?.[LABEL.network] === key && isOurs(lab, there.Labels))) return
    throw new LabError('network-foreign', `there is a network ${name} that is not of the project ${project.name}`, {
      hint: `Take another name: otel-lab up --project ${project.name}-2\nOr remove it: docker network rm ${name}`,
    })
  }
  if (wanted.external) throw new LabError('network-missing', `the external network ${name} is not there`)
  await docker.createNetwork({
    Name: name,
    CheckDuplicate: true,
    Driver: wanted.driver ?? 'bridge',
    Internal: wanted.internal,
    Labels: { ...wanted.labels, [LABEL.network]: key, ...ownLabels(lab) },
  })
  made.networks.push(name)
}

async function ensureVolume(lab: DockerLab, key: string, made: Made): Promise<void> {
  const { docker, project } = lab
  const name = volumeName(project, key)
  const { external, driver, labels } = project.file.volumes[key]!
  const there = await docker
    .getVolume(name)
    .inspect()
    .catch((error) => unless(404)(error))
  if (there && !external && !isOurs(lab, there.Labels)) {
    throw new LabError('volume-foreign', `the volume ${name} has the data of the lab in ${there.Labels[LABEL.root]}`, {
      hint: `Give this lab a name of its own: otel-lab up --project ${project.name}-2`,
    })
  }
  if (there) return
  if (external) throw new LabError('volume-missing', `the external volume ${name} is not there`)
  const Labels = { ...labels, [LABEL.volume]: key, ...ownLabels(lab) }
  await docker.createVolume({ Name: name, Driver: driver ?? 'local', Labels })
  made.volumes.push(name)
}

function ownLabels({ project }: DockerLab) {
  return {
    [LABEL.project]: project.name,
    [LABEL.version]: COMPOSE_VERSION,
    [LABEL.root]: project.root,
    [LABEL.machine]: project.machine,
  }
}

/** The project's networks go; with `volumes` what it stored too, each told. Only what bears our labels. */
export async function removeResources(
  lab: DockerLab,
  options: { volumes: boolean; onRemoved?: (what: string) => void },
): Promise<void> {
  const { docker, project } = lab
  const filters = ofProject(project.name)
  try {
    for (const { Id, Labels } of await docker.listNetworks({ filters })) {
      if (isOurs(lab, Labels)) await docker.getNetwork(Id).remove().catch(unless(404))
    }
    if (!options.volumes) return
    const { Volumes } = await docker.listVolumes({ filters })
    for (const { Name, Labels } of Volumes ?? []) {
      if (!isOurs(lab, Labels)) continue
      await docker.getVolume(Name).remove().catch(unless(404))
      options.onRemoved?.(`volume ${Name}`)
    }
  } catch (error) {
    throw await daemonError(error, 'remove the networks and volumes', lab.host)
  }
}

/** Takes away what was made; what cannot go, since another uses it by now, stays. */
export async function undoResources(lab: DockerLab, made: Made): Promise<void> {
  const ignore = (error: unknown) => {
    if (statusOf(error) === undefined) throw error
  }
  for (const name of made.networks) await lab.docker.getNetwork(name).remove().catch(ignore)
  for (const name of made.volumes) await lab.docker.getVolume(name).remove().catch(ignore)
}
