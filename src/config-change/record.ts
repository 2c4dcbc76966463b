import { readdir, readFile, rm } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { makeDir, writeFileAtomic } from '../util/atomic-write.ts'
import { isRunning, type ProcessId, thisProcess } from '../util/process-alive.ts'
import type { Workspace } from '../workspace.ts'
import { type ConfigKey, isConfigKey } from './files.ts'

/** What is kept of a temporary change while it lasts, so that whoever comes next can take it back. */
export interface TemporaryRecord {
  id: string
  key: ConfigKey
  /** Said to the learner, such as `fault scrape-port`. */
  why: string
  at: string
  /** The process that will take it back; absent when it lasts until it is told to end. */
  owner?: ProcessId & { host: string }
  before: string
  after: string
}

const dirOf = (workspace: Workspace) => workspace.statePath('temporary')

export async function writeRecord(workspace: Workspace, record: TemporaryRecord): Promise<void> {
  await makeDir(dirOf(workspace))
  await writeFileAtomic(join(dirOf(workspace), `${record.id}.json`), `${JSON.stringify(record, undefined, 2)}\n`)
}

export async function dropRecord(workspace: Workspace, id: string): Promise<void> {
  await rm(join(dirOf(workspace), `${id}.json`), { force: true })
}

/** The oldest first. A record that cannot be read is none: it was never written whole. */
export async function readRecords(workspace: Workspace): Promise<TemporaryRecord[]> {
  const names = await readdir(dirOf(workspace)).catch(() => [])
  const texts = await Promise.all(
    names.filter((name) => name.endsWith('.json')).map((name) => readFile(join(dirOf(workspace), name), 'utf8')),
  )
  return texts.flatMap(readable).sort((a, b) => (a.at < b.at ? -1 : 1))
}

function readable(text: string): TemporaryRecord[] {
  try {
    const record = JSON.parse(text) as TemporaryRecord
    const whole = /^[\w-]+$/.test(record.id) && isConfigKey(record.key) && typeof record.before === 'string'
    return whole ? [record] : []
  } catch {
    return []
  }
}

export async function ourselves(): Promise<NonNullable<TemporaryRecord['owner']>> {
  return { ...(await thisProcess()), host: hostname() }
}

/** The process that was to take it back is gone: killed, or lost with the machine's power. */
export async function isOrphan({ owner }: TemporaryRecord): Promise<boolean> {
  if (owner === undefined || owner.host !== hostname()) return false
  return !(await isRunning(owner))
}
