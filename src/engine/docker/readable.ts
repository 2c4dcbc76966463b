import { chmod, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LabError } from '../../errors.ts'
import { configOf, type DockerLab } from './lab.ts'

const ALL_READ = 0o004
const ALL_ENTER = 0o005

/**
 * The services run as users of their own, and a strict umask closes the configs to them. Where a folder above keeps
 * others out all the same, they are opened. Gives what stays closed: that it may be seen is the user's to decide.
 */
export async function openToServices(lab: DockerLab): Promise<string[]> {
  // Elsewhere a virtual machine stands between, with owners of its own.
  if (process.platform !== 'linux') return []
  const files = Object.keys(lab.project.file.services).flatMap((service) => configOf(lab, service) ?? [])
  const wanted = [
    ...files.map((path) => ({ path, bits: ALL_READ })),
    { path: lab.workspace.configsDir, bits: ALL_ENTER },
  ]
  const closed: string[] = []
  for (const { path, bits } of wanted) {
    // One that is not there is told by whoever reads it.
    const mode = (await stat(path).catch(() => undefined))?.mode
    if (mode === undefined || (mode & bits) === bits) continue
    const opened =
      (await keepsOthersOut(lab.workspace.root)) &&
      (await chmod(path, (mode & 0o7777) | bits).then(
        () => true,
        () => false,
      ))
    if (!opened) closed.push(path)
  }
  return closed
}

/** For a lab whose containers have its folder mounted. Throws LabError `config-unreadable`. */
export async function letServicesRead(lab: DockerLab): Promise<void> {
  if (lab.carried) return
  const closed = await openToServices(lab)
  if (closed.length === 0) return
  throw new LabError('config-unreadable', `the containers may not read ${closed.join(', ')}: they run as other users`, {
    hint: `chmod o+rX ${closed.join(' ')}\nOr keep others out, and let the daemon hand them over: otel-lab up`,
  })
}

async function keepsOthersOut(dir: string): Promise<boolean> {
  const { mode } = await stat(dir)
  if ((mode & 0o001) === 0) return true
  return dirname(dir) === dir ? false : keepsOthersOut(dirname(dir))
}
