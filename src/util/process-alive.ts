import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

/**
 * Whether a process with this id runs. One that has ended and is not waited for yet does not: in a container whose
 * first process waits for nobody it stays so for good.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: it runs, but under another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false
  }
  try {
    return fieldsOf(readFileSync(`/proc/${pid}/stat`, 'utf8'))[0] !== 'Z'
  } catch {
    return true
  }
}

/** A process, and not another that got its id later. */
export interface ProcessId {
  pid: number
  /** When it began, in clock ticks since boot; absent where there is no /proc. */
  ticks?: string
}

export async function thisProcess(): Promise<ProcessId> {
  const ticks = await startTicks(process.pid)
  return { pid: process.pid, ...(ticks === undefined ? {} : { ticks }) }
}

export async function isRunning({ pid, ticks }: ProcessId): Promise<boolean> {
  if (!isAlive(pid)) return false
  const now = await startTicks(pid)
  return ticks === undefined || now === undefined || now === ticks
}

async function startTicks(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  return stat && fieldsOf(stat)[19]
}

/** proc(5), from the third field, the state, on; the second, the name in parentheses, may hold anything. */
const fieldsOf = (stat: string) => stat.slice(stat.lastIndexOf(')') + 2).split(' ')
