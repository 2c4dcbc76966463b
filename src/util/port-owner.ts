import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { promisify } from 'node:util'

export interface PortOwner {
  pid: number
  /** As it was started, cut to a readable length. */
  command: string
}

/** Who listens on a TCP port of this machine; undefined when nobody does or we may not know. */
export async function portOwner(port: number): Promise<PortOwner | undefined> {
  return process.platform === 'linux' ? ownerByProc(port) : ownerByLsof(port)
}

/** The folder of the lab whose process it is. */
export const labOf = (owner: PortOwner | undefined): string | undefined =>
  /dist\/embedded\.js (.+) \d+$/.exec(owner?.command ?? '')?.[1]

/** `process 123 (nginx: master)` and so on, for a message. */
export function describeOwner(owner: PortOwner | undefined): string {
  const lab = labOf(owner)
  if (lab) return `the lab in ${lab} (process ${owner!.pid})`
  return owner ? `process ${owner.pid} (${owner.command})` : 'a process of another user, or one in a container'
}

/**
 * /proc/net/tcp (proc(5)): `sl local_address rem_address st ... inode`, the address in hex as ADDR:PORT,
 * state 0A = LISTEN. The inode then is the target `socket:[inode]` of some process's file descriptor.
 */
async function ownerByProc(port: number): Promise<PortOwner | undefined> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const inodes = new Set<string>()
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (await readFile(table, 'utf8').catch(() => '')).split('\n')) {
      const fields = line.trim().split(/\s+/)
      if (fields[3] === '0A' && fields[1]?.endsWith(`:${hex}`)) inodes.add(`socket:[${fields[9]}]`)
    }
  }
  if (inodes.size === 0) return undefined
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')
      if (inodes.has(target)) return { pid: Number(pid), command: await commandOf(pid) }
    }
  }
  return undefined
}

async function commandOf(pid: string): Promise<string> {
  const raw = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  const command =
    raw.replaceAll('\0', ' ').trim() || (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '?')).trim()
  return command.length > 200 ? `${command.slice(0, 199)}…` : command
}

/** `lsof -F pc`: one field a line, `p<pid>` then `c<command>`. */
async function ownerByLsof(port: number): Promise<PortOwner | undefined> {
  const run = promisify(execFile)
  const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-F', 'pc'], { timeout: 3_000 }).catch(
    () => ({ stdout: '' }),
  )
  const pid = /^p(\d+)$/m.exec(stdout)?.[1]
  return pid ? { pid: Number(pid), command: /^c(.+)$/m.exec(stdout)?.[1] ?? '?' } : undefined
}
