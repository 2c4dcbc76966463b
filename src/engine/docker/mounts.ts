import type { ContainerCreateOptions } from 'dockerode'
import type { DockerLab } from './lab.ts'
import { type Project, volumeName } from './project.ts'

type HostConfig = NonNullable<ContainerCreateOptions['HostConfig']>

/** The volume that holds a copy of a folder, of which each service has one of its own. */
export const carriedVolume = (project: Project, service: string, index: number) =>
  `${project.name}_files-${service}-${index}`

/** What a service's mounts are for this daemon; `instead` stands in for some folders. */
export function mountsOf(
  { project, facts, carried }: Pick<DockerLab, 'project' | 'facts' | 'carried'>,
  service: string,
  instead: Record<string, string> = {},
): Required<Pick<HostConfig, 'Mounts' | 'Binds'>> {
  const Mounts: HostConfig['Mounts'] & object = []
  const Binds: string[] = []
  for (const [index, { type, source, target, readOnly }] of project.file.services[service]!.mounts.entries()) {
    const named = { Target: target, ReadOnly: readOnly }
    if (type === 'volume') Mounts.push({ Type: type, Source: volumeName(project, source), ...named })
    else if (carried) Mounts.push({ Type: 'volume', Source: carriedVolume(project, service, index), ...named })
    else Binds.push(...bind(facts.selinux, instead[source] ?? source, named, Mounts))
  }
  return { Mounts, Binds }
}

/** The label that lets every container read it has a place in `Binds` only, where a colon cannot be written. */
function bind(
  selinux: boolean,
  source: string,
  { Target, ReadOnly }: { Target: string; ReadOnly: boolean },
  mounts: HostConfig['Mounts'] & object,
): string[] {
  if (selinux && !source.includes(':')) return [`${source}:${Target}:${ReadOnly ? 'ro,' : ''}z`]
  mounts.push({ Type: 'bind', Source: source, Target, ReadOnly })
  return []
}
