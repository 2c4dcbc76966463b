import { chmod, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LabError } from '../../errors.ts'
import { configOf, type DockerLab } from './lab.ts'

const ALL_READ = 0o004
const ALL_ENTER = 0o005

/**
 * The services run as users of their own, and a strict umask closes the configs to them. Where a folder above keeps
 * others out all the same, they are opened; else that is the user's to decide. Throws LabError `config-unreadable`.
 */
export async function letServicesRead(lab: DockerLab): Promise<void> {
  // Elsewhere a virtual machine stands between, with owners of its own.
  if (lab.carried || process.platform !== 'linux') return
  const files = Object.keys(lab.project.file.services).flatMap((service) => configOf(lab, service) ?? [])
  const wanted = [
    ...files.map((path) => ({ path, bits: ALL_READ })),
    { path: lab.workspace.configsDir, bits: ALL_ENTER },
  ]
  const closed: { path: string; bits: number; mode: number }[] = []
  for (const { path, bits } of wanted) {
    // One that is not there is told by whoever reads it.
    const mode = (await stat(path).catch(() => undefined))?.mode
    if (mode !== undefined && (mode & bits) !== bits) closed.push({ path, bits, mode })
  }
  if (closed.length === 0) return
  const isPrivate = await keepsOthersOut(lab.workspace.root)
  for (const { path, bits, mode } of closed) {
    const failed = isPrivate ? await chmod(path, (mode & 0o7777) | bits).catch((error: Error) => error) : true
    if (!failed) continue
    throw new LabError('config-unreadable', `the containers may not read ${path}: they run as users of their own`, {
      hint: closed.map((one) => `chmod o+${one.bits === ALL_ENTER ? 'rx' : 'r'} ${one.path}`).join('\n'),
    })
  }
}

async function keepsOthersOut(dir: string): Promise<boolean> {
  const { mode } = await stat(dir)
  if ((mode & 0o001) === 0) return true
  return dirname(dir) === dir ? false : keepsOthersOut(dirname(dir))
}
