import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../errors.ts'
import { writeError } from '../util/atomic-write.ts'
import { isAlive, startTicks } from '../util/process-alive.ts'

interface Holder {
  pid: number
  ticks?: string
}

export interface LockOptions {
  waitMs?: number
  signal?: AbortSignal
  /** Goes on without the lock where none can be written: a full disk must not keep the lab from being stopped. */
  orWithout?: boolean
}

/**
 * Runs `work` while holding `file`. A lock whose process is gone (killed, crashed, another boot) is taken over.
 * Throws LabError `lab-busy` when a living process holds it for `waitMs` (30 s).
 */
export async function withLock<T>(file: string, work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
  const deadline = Date.now() + (options.waitMs ?? 30_000)
  const own: Holder = { pid: process.pid }
  const ticks = await startTicks(process.pid)
  if (ticks !== undefined) own.ticks = ticks
  const tryTake = () =>
    take(file, JSON.stringify(own)).catch((error) => {
      if (options.orWithout) return true
      throw error
    })
  while (!(await tryTake())) {
    const holder = await read(file)
    if (holder === undefined || !(await holds(holder))) {
      // Two may find it stale at once: the slower must not remove the quicker one's new lock.
      if (JSON.stringify(await read(file)) === JSON.stringify(holder)) await rm(file, { force: true })
      continue
    }
    if (Date.now() > deadline) {
      throw new LabError('lab-busy', `another otel-lab command (process ${holder.pid}) is changing this lab`, {
        hint: `Wait for it, or end it with: kill ${holder.pid}`,
      })
    }
    await sleep(50, undefined, { signal: options.signal })
  }
  try {
    return await work()
  } finally {
    await rm(file, { force: true })
  }
}

/** The lock appears with its content or not at all: `link` fails where the name is taken. */
async function take(file: string, content: string): Promise<boolean> {
  const temp = `${file}.${process.pid}`
  try {
    await writeFile(temp, content, { mode: 0o600 })
    await link(temp, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw writeError(error, file)
  } finally {
    await rm(temp, { force: true }).catch(() => {})
  }
}

async function read(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder
  } catch {
    return undefined
  }
}

async function holds(holder: Holder): Promise<boolean> {
  if (!isAlive(holder.pid)) return false
  const ticks = await startTicks(holder.pid)
  return holder.ticks === undefined || ticks === undefined || ticks === holder.ticks
}
