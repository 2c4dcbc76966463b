import { readFile } from 'node:fs/promises'
import { LabError } from '../errors.ts'
import { writeFileAtomic } from '../util/atomic-write.ts'
import type { FaultLab } from './lab.ts'
import { type ConfigRecord, dropRecord, isHeld, readRecord } from './record.ts'
import type { FaultService } from './schema.ts'

export interface Restored {
  faults: string[]
  /** Components that were started again. */
  restarted: FaultService[]
  /** Where a config that somebody else had changed meanwhile is kept. */
  kept: string[]
}

/** Takes out whatever faults are in this lab; undefined when there is none. May be called again after it was cut short. */
export async function restore(lab: FaultLab): Promise<Restored | undefined> {
  const record = await readRecord(lab)
  if (record === undefined) return undefined
  const kept: string[] = []
  for (const file of record.files) {
    const copy = await putBack(lab, file)
    if (copy !== undefined) kept.push(copy)
  }
  const touched = new Set<FaultService>([...record.files.map(({ service }) => service), ...record.stopped])
  const running = (await lab.engine.status()).running
  if (running) for (const service of touched) await lab.engine.restart(service)
  await dropRecord(lab)
  return { faults: record.faults, restarted: running ? [...touched] : [], kept }
}

/** What a killed command left: nothing when there is none, or when it is still somebody's. */
export async function restoreAbandoned(lab: FaultLab): Promise<Restored | undefined> {
  const record = await readRecord(lab)
  if (record === undefined || (await isHeld(record))) return undefined
  return restore(lab)
}

async function putBack(lab: FaultLab, { service, before, written }: ConfigRecord): Promise<string | undefined> {
  const path = lab.configPath(service)
  const now = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new LabError('restore-failed', `cannot read ${path}: ${error.message}`, { cause: error })
  })
  if (now === before) return undefined
  const theirs = now !== undefined && !written.includes(now)
  const copy = `${path}.with-fault`
  if (theirs) await writeFileAtomic(copy, now)
  await writeFileAtomic(path, before)
  return theirs ? copy : undefined
}
