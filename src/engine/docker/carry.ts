import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unless } from './containers.ts'
import { throughContainer } from './empty-image.ts'
import { daemonError } from './errors.ts'
import type { DockerLab } from './lab.ts'
import { COMPOSE_VERSION, LABEL } from './labels.ts'
import { carriedVolume } from './mounts.ts'
import { type TarEntry, tarOf } from './tar.ts'

/**
 * For a daemon that does not see our folders: hands it a copy of what a service would have mounted, in volumes.
 * `instead` has other texts for some files, by their path.
 */
export async function carryFiles(lab: DockerLab, service: string, instead: Record<string, string> = {}): Promise<void> {
  const { project, docker } = lab
  const binds = [...project.file.services[service]!.mounts.entries()].filter(([, { type }]) => type === 'bind')
  try {
    for (const [index, { source }] of binds) {
      const Name = carriedVolume(project, service, index)
      const Labels = {
        [LABEL.project]: project.name,
        [LABEL.volume]: `files-${service}-${index}`,
        [LABEL.version]: COMPOSE_VERSION,
        [LABEL.root]: project.root,
        [LABEL.machine]: project.machine,
      }
      await docker.createVolume({ Name, Labels })
      const tar = tarOf(await entriesOf(source, instead))
      const Mounts = [{ Type: 'volume' as const, Source: Name, Target: '/mnt' }]
      await throughContainer(lab, { Mounts }, (container) => container.putArchive(tar, { path: '/mnt' }))
    }
  } catch (error) {
    throw await daemonError(error, `hand the files of ${service} to the daemon`, lab.host)
  }
}

async function entriesOf(dir: string, instead: Record<string, string>, under = ''): Promise<TarEntry[]> {
  const entries: TarEntry[] = []
  for (const one of await readdir(join(dir, under), { withFileTypes: true })) {
    const path = under === '' ? one.name : `${under}/${one.name}`
    const full = join(dir, path)
    if (one.isDirectory()) entries.push({ path }, ...(await entriesOf(dir, instead, path)))
    else if (one.isFile()) entries.push({ path, content: instead[full] ?? (await readFile(full)) })
  }
  return entries
}

/** Copies of files are no telemetry: they go with their containers. */
export async function removeCarried(lab: DockerLab): Promise<void> {
  for (const [service, { mounts }] of Object.entries(lab.project.file.services)) {
    for (const index of mounts.keys()) {
      await lab.docker
        .getVolume(carriedVolume(lab.project, service, index))
        .remove()
        .catch(unless(404, 409))
    }
  }
}
