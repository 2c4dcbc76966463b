import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Container } from 'dockerode'
import { unless } from './containers.ts'
import { throughContainer } from './empty-image.ts'
import { saidBy } from './errors.ts'
import type { DockerLab } from './lab.ts'

/** Files as big as this are not compared. */
const MAX_BYTES = 1 << 20

/**
 * Whether the daemon sees the folders that are to be mounted, with what is in them: one in a virtual machine or
 * elsewhere may have none, or others of the same name. It is asked, since no address tells.
 */
export async function seesFolders(lab: Pick<DockerLab, 'docker' | 'project'>): Promise<boolean> {
  const sources = new Set(
    Object.values(lab.project.file.services).flatMap(({ mounts }) =>
      mounts.filter(({ type }) => type === 'bind').map(({ source }) => source),
    ),
  )
  const known = await Promise.all([...sources].map(async (source) => ({ source, file: await aFileIn(source) })))
  // What is not here either is told when it is mounted.
  const probed = known.flatMap(({ source, file }, i) => (file ? [{ source, at: `/mnt/${i}`, ...file }] : []))
  if (probed.length === 0) return true
  const Mounts = probed.map(({ source, at }) => ({ Type: 'bind' as const, Source: source, Target: at, ReadOnly: true }))
  try {
    return await throughContainer(lab, { Mounts }, async (container) => {
      const shown = await Promise.all(probed.map(({ at, name }) => contentAt(container, `${at}/${name}`)))
      return probed.every(({ content }, i) => shown[i]?.includes(content) === true)
    })
  } catch (error) {
    // What else keeps us from asking says nothing of the folders; if it matters, the start will tell.
    return !/bind source path|no such file|not shared|mounts denied/i.test(saidBy(error))
  }
}

async function contentAt(container: Container, path: string): Promise<Buffer | undefined> {
  const stream = await container.getArchive({ path }).catch(unless(404))
  return stream ? readAll(stream) : undefined
}

async function aFileIn(dir: string, under = ''): Promise<{ name: string; content: Buffer } | undefined> {
  const entries = await readdir(join(dir, under), { withFileTypes: true }).catch(() => [])
  for (const one of entries) {
    const name = under === '' ? one.name : `${under}/${one.name}`
    if (one.isDirectory()) {
      const found = await aFileIn(dir, name)
      if (found) return found
    }
    const content = one.isFile() ? await readFile(join(dir, name)).catch(() => undefined) : undefined
    if (content && content.length > 0 && content.length < MAX_BYTES) return { name, content }
  }
  return undefined
}

async function readAll(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
