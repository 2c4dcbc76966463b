import { chmod, readFile, rm, stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { makeDir, writeFileAtomic } from '../../util/atomic-write.ts'
import { configOf, type DockerLab, keptPath } from './lab.ts'
import { LABEL } from './labels.ts'

/**
 * The config text with which a container came up. The file in the lab may have been edited since; by this copy the
 * engine sees that, and goes back to it when the new text does not run.
 */
export interface Kept {
  text: string
  /** The folder that holds it under its own name, as the lab's does. */
  dir: string
}

const keptFile = (lab: DockerLab, service: string) =>
  keptPath(lab, service, 'configs', basename(configOf(lab, service) ?? 'config'))

/** What the container runs with; undefined when we do not know, as after Compose started it. */
export async function readKept(lab: DockerLab, service: string, containerId: string): Promise<Kept | undefined> {
  const file = keptFile(lab, service)
  try {
    if ((await readFile(keptPath(lab, service, 'container'), 'utf8')) !== containerId) return undefined
    return { text: await readFile(file, 'utf8'), dir: dirname(file) }
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
  container: { Id: string; Labels: Record<string, string> },
  startedMs: number,
): Promise<string | undefined> {
  const kept = await readKept(lab, service, container.Id)
  const writtenMs = async (path: string) => (await stat(path)).mtimeMs
  // Nothing but our copy is there for it to read, however often it is started.
  const readsKept = lab.carried || container.Labels[LABEL.rolledBack] !== undefined
  if (kept && (readsKept || (await writtenMs(keptFile(lab, service))) >= startedMs)) return kept.text
  const path = configOf(lab, service)
  if (path === undefined) return undefined
  return writtenMs(path).then(
    (ms) => (ms < startedMs ? readFile(path, 'utf8') : undefined),
    () => undefined,
  )
}

/** The id comes last: a copy that is half written is of no container. */
export async function keep(lab: DockerLab, service: string, containerId: string, text: string): Promise<void> {
  const file = keptFile(lab, service)
  await makeDir(dirname(file))
  await rm(keptPath(lab, service, 'container'), { force: true })
  await writeFileAtomic(file, text)
  // Whatever the umask: a container may have to read them, and the folder above is closed.
  await chmod(file, 0o644)
  await chmod(dirname(file), 0o755)
  await writeFileAtomic(keptPath(lab, service, 'container'), containerId)
}

export async function forgetKept(lab: DockerLab): Promise<void> {
  await rm(dirname(keptPath(lab, 'any')), { recursive: true, force: true })
}
