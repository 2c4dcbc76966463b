import { readFile, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { makeDir, writeFileAtomic } from '../../util/atomic-write.ts'
import { configOf, type DockerLab, keptPath } from './lab.ts'

/**
 * The config text with which a container came up. The file in the lab may have been edited since; by this copy the
 * engine sees that, and goes back to it when the new text does not run.
 */
export interface Kept {
  text: string
  /** A file that holds it. */
  path: string
}

/** What the container runs with; undefined when we do not know, as after Compose started it. */
export async function readKept(lab: DockerLab, service: string, containerId: string): Promise<Kept | undefined> {
  const path = keptPath(lab, service, 'config')
  try {
    if ((await readFile(keptPath(lab, service, 'container'), 'utf8')) !== containerId) return undefined
    return { text: await readFile(path, 'utf8'), path }
  } catch {
    return undefined
  }
}

/**
 * What a container read when it started: our copy, which is written once it is up; or, where somebody else has
 * restarted it since, the lab's file, if that is older than the start. Undefined when neither is sure.
 */
export async function textAtStart(
  lab: DockerLab,
  service: string,
  containerId: string,
  startedMs: number,
): Promise<string | undefined> {
  const kept = await readKept(lab, service, containerId)
  const writtenMs = async (path: string) => (await stat(path)).mtimeMs
  if (kept && (await writtenMs(kept.path)) >= startedMs) return kept.text
  const path = configOf(lab, service)
  if (path === undefined) return undefined
  return writtenMs(path).then(
    (ms) => (ms < startedMs ? readFile(path, 'utf8') : undefined),
    () => undefined,
  )
}

/** The id comes last: a copy that is half written is of no container. */
export async function keep(lab: DockerLab, service: string, containerId: string, text: string): Promise<void> {
  await makeDir(keptPath(lab, service))
  await rm(keptPath(lab, service, 'container'), { force: true })
  await writeFileAtomic(keptPath(lab, service, 'config'), text)
  await writeFileAtomic(keptPath(lab, service, 'container'), containerId)
}

export async function forgetKept(lab: DockerLab): Promise<void> {
  await rm(dirname(keptPath(lab, 'any')), { recursive: true, force: true })
}
