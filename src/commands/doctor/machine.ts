import { access, constants, statfs } from 'node:fs/promises'
import { freemem, totalmem } from 'node:os'
import { humanBytes } from '../../ui/numbers.ts'
import type { Finding } from './finding.ts'

const NODE_WANTED = [20, 19] as const
const DISK_LOW = 200 << 20
const MEMORY_LOW = 200 << 20

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  const fits = major > NODE_WANTED[0] || (major === NODE_WANTED[0] && minor >= NODE_WANTED[1])
  return {
    state: fits ? 'ok' : 'error',
    title: 'Node',
    seen: version,
    ...(fits ? {} : { next: `Install Node ${NODE_WANTED.join('.')} or later` }),
  }
}

export async function checkDisk(dir: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(dir)
  const free = bavail * bsize
  const low = free < DISK_LOW
  return {
    state: low ? 'warning' : 'ok',
    title: 'Disk',
    seen: `${humanBytes(free)} free in ${dir}`,
    ...(low ? { next: 'Free some space; the stored telemetry is removed by: otel-lab down --volumes' } : {}),
  }
}

export async function checkWritable(dir: string): Promise<Finding> {
  const title = 'Lab folder'
  try {
    await access(dir, constants.W_OK)
    return { state: 'ok', title, seen: dir }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    return { state: 'error', title, seen: `${dir} cannot be written: ${code}`, next: `Make it yours: chmod u+w ${dir}` }
  }
}

export function checkMemory(): Finding {
  const free = freemem()
  const low = free < MEMORY_LOW
  return {
    state: low ? 'warning' : 'ok',
    title: 'Memory',
    seen: `${humanBytes(free)} free of ${humanBytes(totalmem())}`,
    ...(low ? { next: 'Close something; the lab takes about 150 MB' } : {}),
  }
}

/** Docker is a choice, so its absence is no fault; a lab that chose it says so itself. */
export async function checkDocker(env: Record<string, string | undefined>): Promise<Finding> {
  const [{ findDaemon }, { LabError }] = await Promise.all([
    import('../../engine/docker/daemon.ts'),
    import('../../errors.ts'),
  ])
  const title = 'Docker'
  try {
    const daemon = await findDaemon(env, { pingMs: 1_000 })
    daemon.close()
    return { state: 'ok', title, seen: `a daemon answers at ${daemon.host}` }
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    // Whoever wants it is told by `up` where it was looked for.
    const what = (error.facts.tried ?? 0) > 1 ? 'no Docker daemon answers' : error.message
    return { state: 'ok', title, seen: `${what}; not needed by the embedded engine` }
  }
}
