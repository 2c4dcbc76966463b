import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Container } from 'dockerode'
import { unless } from './containers.ts'
import type { DockerLab } from './lab.ts'
import { LABEL } from './labels.ts'
import { followProgress } from './progress.ts'
import { tarOf } from './tar.ts'

/**
 * An image of nothing, made on the spot: a container of it shows and takes files, and never runs. Podman imports under
 * no other tag.
 */
const IMAGE = 'otel-lab/empty:latest'

/** The part of a container's settings that says what is mounted where. */
interface Mounted {
  Mounts?: { Type: 'bind' | 'volume'; Source: string; Target: string; ReadOnly?: boolean }[]
  Binds?: string[]
}

/** Lets `use` look into mounts, or fill them, through a container that is gone afterwards. */
export async function throughContainer<T>(
  lab: Pick<DockerLab, 'docker' | 'project'>,
  mounted: Mounted,
  use: (container: Container) => Promise<T>,
): Promise<T> {
  const { docker, project } = lab
  const there = await docker
    .getImage(IMAGE)
    .inspect()
    .catch((error) => unless(404)(error))
  if (!there) await importEmpty(docker)
  const container = await docker.createContainer({
    name: `${project.name}-files-validate-${process.pid}-${randomBytes(4).toString('hex')}`,
    Image: IMAGE,
    Cmd: ['/none'],
    Labels: { [LABEL.project]: project.name, [LABEL.oneOff]: 'True', [LABEL.root]: project.root },
    NetworkDisabled: true,
    HostConfig: { ...mounted, NetworkMode: 'none' },
  })
  try {
    return await use(container)
  } finally {
    await container.remove({ force: true }).catch(unless(404, 409))
  }
}

async function importEmpty(docker: DockerLab['docker']): Promise<void> {
  const [repo, tag] = IMAGE.split(':')
  const tar = tarOf([{ path: 'mnt' }])
  const stream = await docker.importImage(Readable.from([tar]), { repo, tag } as never)
  await followProgress(stream as unknown as NodeJS.ReadableStream, () => {})
}
