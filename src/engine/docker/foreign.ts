import { createServer } from 'node:net'
import { LabError } from '../../errors.ts'
import { describeOwner, portOwner } from '../../util/port-owner.ts'
import { projectContainers, removeContainer } from './containers.ts'
import { type DockerLab, isOurs } from './lab.ts'
import { LABEL } from './labels.ts'
import { removeResources } from './resources.ts'

/** Another lab's containers under our project's name must not be touched. Throws LabError `project-taken`. */
export async function refuseForeign(lab: DockerLab): Promise<void> {
  const other = (await projectContainers(lab)).find(({ Labels }) => !isOurs(lab, Labels))
  if (other === undefined) return
  const { name } = lab.project
  throw new LabError('project-taken', `the project ${name} is that of the lab in ${other.Labels[LABEL.root]}`, {
    hint: `Give this lab a name and ports of its own: otel-lab up --project ${name}-2 --port-offset 1000\nOr stop the other: cd ${other.Labels[LABEL.root]} && otel-lab down`,
  })
}

/** What this lab started under another project name still holds its ports: it goes, and what it stored stays. */
export async function removeEarlierProjects(lab: DockerLab): Promise<void> {
  const filters = JSON.stringify({ label: [`${LABEL.root}=${lab.project.root}`] })
  const mine = await lab.docker.listContainers({ all: true, filters })
  const names = new Set(mine.map(({ Labels }) => Labels[LABEL.project]!))
  names.delete(lab.project.name)
  for (const name of names) {
    const earlier = { ...lab, project: { ...lab.project, name } }
    await Promise.all(
      mine.filter(({ Labels }) => Labels[LABEL.project] === name).map(({ Id }) => removeContainer(lab, Id)),
    )
    await removeResources(earlier, { volumes: false })
  }
}

/**
 * Whether the ports of the services that are to be started are free, all told at once: the daemon would name only
 * the first, and not who holds it. Throws LabError `port-taken`.
 */
export async function refuseTakenPorts(lab: DockerLab, services: readonly string[]): Promise<void> {
  // A daemon elsewhere has ports of its own.
  if (!/^(unix|npipe):/.test(lab.host)) return
  const wanted = services.flatMap((service) =>
    lab.project.file.services[service]!.ports.filter(({ published }) => published !== 0).map((port) => ({
      service,
      ...port,
    })),
  )
  const looked = await Promise.all(wanted.map(async (port) => ({ ...port, taken: await isTaken(port) })))
  const taken = looked.filter((port) => port.taken)
  if (taken.length === 0) return
  const others = await lab.docker.listContainers().catch(() => [])
  const lines = await Promise.all(
    taken.map(async ({ service, published }) => {
      const holder = others.find(({ Ports }) => Ports.some(({ PublicPort }) => PublicPort === published))
      const who = holder ? `the container ${holder.Names[0]?.slice(1)}` : describeOwner(await portOwner(published))
      return `${service} needs port ${published}, which is held by ${who}`
    }),
  )
  // A daemon that was killed leaves its proxies behind, and they the ports.
  const orphans = lines.flatMap((line) => /process (\d+) \(\S*docker-proxy /.exec(line)?.[1] ?? [])
  const end = orphans.length > 0 ? [`End what a killed daemon left: sudo kill ${orphans.join(' ')}`] : []
  throw new LabError('port-taken', lines.join('\n'), {
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
