import { createServer } from 'node:net'
import type { ContainerInfo } from 'dockerode'
import { LabError } from '../../errors.ts'
import { describeOwner, labOf, portOwner } from '../../util/port-owner.ts'
import { projectContainers, removeContainer } from './containers.ts'
import { type DockerLab, isOurs } from './lab.ts'
import { LABEL } from './labels.ts'
import { removeResources } from './resources.ts'

/** Another lab's containers under our project's name must not be touched. Throws LabError `project-taken`. */
export async function refuseForeign(lab: DockerLab): Promise<void> {
  const other = (await projectContainers(lab)).find(({ Labels }) => !isOurs(lab, Labels))
  if (other === undefined) return
  const { name, machine } = lab.project
  const root = other.Labels[LABEL.root]
  const where = other.Labels[LABEL.machine] ?? machine
  const [whose, stop] =
    root === undefined
      ? [`what Compose started by ${other.Labels[LABEL.files]}`, `docker compose -p ${name} down`]
      : [
          `the lab in ${root}${where === machine ? '' : ` on the machine ${where}`}`,
          `cd ${root} && otel-lab down${where === machine ? '' : ', there'}`,
        ]
  throw new LabError('project-taken', `the project ${name} is that of ${whose}`, {
    hint: `Give this lab a name and ports of its own: otel-lab up --project ${name}-2 --port-offset 1000\nOr stop the other, if it is yours: ${stop}`,
  })
}

/** On a daemon elsewhere, ports that are open on its own loopback only are of no use here. Throws LabError `daemon-elsewhere`. */
export function refuseUnreachable({ host, facts, project }: DockerLab): void {
  const closed = Object.values(project.file.services).some(({ ports }) =>
    ports.some(({ hostIp }) => /^127\./.test(hostIp)),
  )
  if (facts.near || !closed) return
  throw new LabError(
    'daemon-elsewhere',
    `the daemon at ${host} is on another machine: the lab's ports would be open on that machine's loopback only`,
    {
      hint: `Say on which of its addresses they shall be open; whoever reaches it can use them, without a password: OTEL_LAB_BIND=ADDRESS otel-lab up --engine docker\nOr use a daemon of this machine: DOCKER_HOST= otel-lab up --engine docker\nWithout Docker: otel-lab up --engine embedded`,
    },
  )
}

/** What this lab started under other project names. */
async function earlierContainers({ docker, project }: DockerLab): Promise<ContainerInfo[]> {
  const filters = JSON.stringify({ label: [`${LABEL.root}=${project.root}`] })
  const found = await docker.listContainers({ all: true, filters })
  return found.filter(
    ({ Labels }) =>
      Labels[LABEL.project] !== project.name && (Labels[LABEL.machine] ?? project.machine) === project.machine,
  )
}

export async function portsOfEarlierProjects(lab: DockerLab): Promise<number[]> {
  return (await earlierContainers(lab)).flatMap(({ Ports }) => Ports.flatMap(({ PublicPort }) => PublicPort ?? []))
}

/** What this lab started under another project name still holds its ports: it goes, and what it stored stays. */
export async function removeEarlierProjects(lab: DockerLab): Promise<void> {
  const mine = await earlierContainers(lab)
  const names = new Set(mine.map(({ Labels }) => Labels[LABEL.project]!))
  for (const name of names) {
    const earlier = { ...lab, project: { ...lab.project, name } }
    await Promise.all(
      mine.filter(({ Labels }) => Labels[LABEL.project] === name).map(({ Id }) => removeContainer(lab, Id)),
    )
    await removeResources(earlier, { volumes: false })
  }
}

/**
 * Whether the ports of the services that are to be started are free, but for those that are ours to free, all told at
 * once: the daemon would name only the first, and not who holds it. Throws LabError `port-taken`.
 */
export async function refuseTakenPorts(
  lab: DockerLab,
  services: readonly string[],
  ours: readonly number[],
): Promise<void> {
  // A daemon elsewhere has ports of its own.
  if (!lab.facts.near) return
  const wanted = services.flatMap((service) =>
    lab.project.file.services[service]!.ports.map((port) => ({ service, ...port })).filter(
      ({ published }) => published !== 0 && !ours.includes(published),
    ),
  )
  const looked = await Promise.all(wanted.map(async (port) => ({ ...port, taken: await isTaken(port) })))
  const taken = looked.filter((port) => port.taken)
  if (taken.length === 0) return
  const others = await lab.docker.listContainers().catch(() => [])
  const lines = await Promise.all(
    taken.map(async ({ service, published }) => {
      const holder = others.find(({ Ports }) => Ports.some(({ PublicPort }) => PublicPort === published))
      const owner = holder ? undefined : await portOwner(published)
      const who = holder ? `the container ${holder.Names[0]?.slice(1)}` : describeOwner(owner)
      return { words: `${service} needs port ${published}, which is held by ${who}`, owner }
    }),
  )
  // A daemon that was killed leaves its proxies behind, and they the ports.
  const orphans = lines.flatMap(({ owner }) => (/^\S*docker-proxy /.test(owner?.command ?? '') ? [owner!.pid] : []))
  const other = lines.map(({ owner }) => labOf(owner)).find((one) => one !== undefined)
  const end = orphans.length > 0 ? [`End what a killed daemon left: sudo kill ${orphans.join(' ')}`] : []
  throw new LabError('port-taken', lines.map(({ words }) => words).join('\n'), {
    facts: { port: taken[0]!.published, ...(other === undefined ? {} : { holder: other }) },
    hint: [...end, 'Move the whole lab out of the way: otel-lab up --port-offset 1000'].join('\n'),
  })
}

function isTaken({ hostIp, published }: { hostIp: string; published: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'))
    server.listen(published, hostIp, () => server.close(() => resolve(false)))
  })
}
