import { readdir, readFile, readlink } from 'node:fs/promises'
import { isAlive } from './process-alive.ts'

/**
 * Whether the loopback connection from `port` to `to` is one of process `pid` or of those that it started. Undefined
 * when that cannot be told: not on Linux, or the process is gone.
 */
export async function ownsConnection(pid: number, port: number, to: number): Promise<boolean | undefined> {
  if (process.platform !== 'linux') return undefined
  const inode = await inodeOf(port, to)
  if (inode === undefined) return undefined
  const family = await familyOf(pid)
  for (const one of family) {
    if (await holds(one, inode)) return true
  }
  // A program that has just ended has no sockets any more: then nothing is known of it.
  return family.length > 0 && isAlive(pid) && (await inodeOf(port, to)) === inode ? false : undefined
}

/**
 * The process at the other end of the loopback connection from `port` to `to`, and those that it descends from, the
 * nearest first. Only those whose environment holds `mark` are looked at; none when it is none of them. Undefined where
 * nobody can tell: not on Linux.
 */
export async function markedOwner(mark: string, port: number, to: number): Promise<number[] | undefined> {
  if (process.platform !== 'linux') return undefined
  const inode = await inodeOf(port, to)
  if (inode === undefined) return []
  for (const pid of await allPids()) {
    const environment = await readFile(`/proc/${pid}/environ`).catch(() => undefined)
    if (!environment?.includes(mark) || !(await holds(pid, inode))) continue
    const parents = await parentsOfAll()
    const chain = [pid]
    for (let at = parents.get(pid); at !== undefined && chain.length < 64; at = parents.get(at)) chain.push(at)
    return chain
  }
  return []
}

const allPids = async () => (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)

async function holds(pid: number, inode: string): Promise<boolean> {
  for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
    if ((await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')) === `socket:[${inode}]`) return true
  }
  return false
}

/** /proc/net/tcp (proc(5)): `sl local_address rem_address st ... inode`; addresses as hex ADDR:PORT. */
async function inodeOf(port: number, to: number): Promise<string | undefined> {
  const hex = (value: number) => value.toString(16).toUpperCase().padStart(4, '0')
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (await readFile(table, 'utf8').catch(() => '')).split('\n')) {
      const fields = line.trim().split(/\s+/)
      if (fields[1]?.endsWith(`:${hex(port)}`) && fields[2]?.endsWith(`:${hex(to)}`) && fields[9] !== '0')
        return fields[9]
    }
  }
  return undefined
}

/** A process and all that descend from it. */
async function familyOf(pid: number): Promise<number[]> {
  const parents = await parentsOfAll()
  const isBelow = (one: number): boolean => {
    for (let at: number | undefined = one, steps = 0; at !== undefined && steps < 64; at = parents.get(at), steps++) {
      if (at === pid) return true
    }
    return false
  }
  return [...parents.keys()].filter(isBelow)
}

async function parentsOfAll(): Promise<Map<number, number>> {
  const parents = new Map<number, number>()
  for (const pid of await allPids()) {
    // `pid (comm) state ppid ...`; comm may hold anything, parentheses too.
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    const parent = /^ \S (\d+)/.exec(stat.slice(stat.lastIndexOf(')') + 1))?.[1]
    if (parent !== undefined) parents.set(pid, Number(parent))
  }
  return parents
}
