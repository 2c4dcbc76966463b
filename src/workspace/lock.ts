import { AsyncLocalStorage } from 'node:async_hooks'
import { readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '../errors.ts'
import { writeError } from '../util/atomic-write.ts'
import { isRunning, type ProcessId, thisProcess } from '../util/process-alive.ts'

/** Who holds the lock; told to those who wait, and asked whether it still lives. */
export interface Holder extends ProcessId {
  host: string
  /** What it was started as, such as `otel-lab config patch`. */
  command: string
  /** The very lock that it holds: a note that outlived its lock speaks for nobody. */
  lock?: string
}

export interface LockOptions {
  waitMs?: number
  signal?: AbortSignal
  /** Goes on without the lock where none can be written: a full disk must not keep the lab from being stopped. */
  orWithout?: boolean
  /** Called once, when another command holds the lock for a while; undefined when nobody knows who. */
  onWait?: (holder: Holder | undefined) => void
}

export interface Lock {
  /** Runs `work` alone; at once where this very flow of calls holds the lock already. */
  hold<T>(work: () => Promise<T>, options?: LockOptions): Promise<T>
}

/** A holder that cannot be asked, on another machine, is gone when it has not touched its lock for so long. */
const SILENT_MS = 30_000
const TOUCH_MS = 5_000
const TELL_MS = 300

/**
 * The lock `file`: proper-lockfile makes it, touches it while it is held and drops it at exit. Whether a lock may be
 * taken over is decided here: only from a process that is gone, never from one that is slow or stopped.
 * `hold` throws LabError `lab-busy` when a living process keeps it for `waitMs` (30 s).
 */
export function createLock(file: string): Lock {
  const held = new AsyncLocalStorage<{ still: boolean }>()

  async function hold<T>(work: () => Promise<T>, options: LockOptions = {}): Promise<T> {
    if (held.getStore()?.still) return work()
    const release = await take(file, options)
    const ours = { still: true }
    try {
      return await held.run(ours, work)
    } finally {
      ours.still = false
      await release()
    }
  }
  return { hold }
}

async function take(file: string, options: LockOptions): Promise<() => Promise<void>> {
  const began = Date.now()
  const deadline = began + (options.waitMs ?? 30_000)
  let told = false
  for (;;) {
    options.signal?.throwIfAborted()
    const release = await tryTake(file, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === undefined) throw error
      if (options.orWithout) return 'none' as const
      throw writeError(error, file)
    })
    if (release === 'none') return async () => {}
    if (release) {
      await writeFile(noteOf(file), JSON.stringify(await ourselves(file)), { mode: 0o600 }).catch(() => {})
      return async () => {
        await rm(noteOf(file), { force: true }).catch(() => {})
        await release().catch(() => {})
      }
    }
    if (await removeDead(file)) continue
    const holder = await holderOf(file)
    // Most have their turn before anybody could read it.
    if (!told && Date.now() - began > TELL_MS) {
      told = true
      options.onWait?.(holder)
    }
    if (Date.now() > deadline) throw busy(file, holder)
    await sleep(25, undefined, { signal: options.signal })
  }
}

/** Undefined when it is held. */
async function tryTake(file: string, path: string, stale = Number.POSITIVE_INFINITY) {
  const { default: lockfile } = await import('proper-lockfile')
  const settings = { realpath: false, lockfilePath: path, stale, update: TOUCH_MS, onCompromised: () => {} }
  return lockfile.lock(file, settings).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ELOCKED') return undefined
    throw error
  })
}

/** Takes away a lock whose holder is gone. One at a time, or the slower would take away the quicker one's new lock. */
async function removeDead(file: string): Promise<boolean> {
  if (!(await isDead(file))) return false
  const guard = `${file}.takeover`
  const release = await tryTake(guard, guard, 10_000).catch(() => undefined)
  if (release === undefined) return false
  try {
    if (!(await isDead(file))) return false
    await rmdir(file)
    return true
  } catch {
    return false
  } finally {
    await release().catch(() => {})
  }
}

async function isDead(file: string): Promise<boolean> {
  const there = await stat(file).catch(() => undefined)
  if (there === undefined) return false
  const holder = await holderOf(file)
  if (holder === undefined || holder.host !== hostname()) return Date.now() - there.mtimeMs > SILENT_MS
  return !(await isRunning(holder))
}

const noteOf = (file: string) => `${file}.holder`

async function holderOf(file: string): Promise<Holder | undefined> {
  try {
    const holder = JSON.parse(await readFile(noteOf(file), 'utf8')) as Holder
    return holder.lock === (await identity(file)) ? holder : undefined
  } catch {
    return undefined
  }
}

async function ourselves(file: string): Promise<Holder> {
  const words = process.argv.slice(2).filter((word) => !word.includes('='))
  return {
    ...(await thisProcess()),
    host: hostname(),
    command: ['otel-lab', ...words].join(' ').slice(0, 80),
    lock: await identity(file),
  }
}

async function identity(file: string): Promise<string> {
  const { ino, birthtimeMs } = await stat(file)
  return `${ino}-${birthtimeMs}`
}

function busy(file: string, holder: Holder | undefined): LabError {
  if (holder === undefined) {
    return new LabError('lab-busy', 'another otel-lab command is changing this lab, and does not say which', {
      hint: `Wait for it. If none runs any more: rm -r ${file}`,
    })
  }
  const where = holder.host === hostname() ? '' : ` on ${holder.host}`
  return new LabError(
    'lab-busy',
    `another otel-lab command is changing this lab${where}: process ${holder.pid}, ${holder.command}`,
    { hint: `Wait for it, or end it with: kill ${holder.pid}` },
  )
}
