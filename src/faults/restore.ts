import { readFile, rm } from 'node:fs/promises'
import { exclusively } from '../config-change.ts'
import { LabError } from '../errors.ts'
import { writeFileAtomic } from '../util/atomic-write.ts'
import type { FaultLab } from './lab.ts'
import { dropRecord, type FileRecord, isHeld, readRecord } from './record.ts'
import type { FaultService } from './schema.ts'

export interface Restored {
  faults: string[]
  /** Components that were started again. */
  restarted: FaultService[]
  /** Where a file that somebody else had changed meanwhile is kept. */
  kept: string[]
}

/** Takes out whatever faults are in this lab; undefined when there is none. May be called again after it was cut short. */
export async function restore(lab: FaultLab): Promise<Restored | undefined> {
  return exclusively(lab, async () => {
    const record = await readRecord(lab)
    if (record === undefined) return undefined
    const kept: string[] = []
    for (const file of record.files) {
      const copy = await putBack(file)
      if (copy !== undefined) kept.push(copy)
    }
    const services = [...new Set(record.services)]
    const { running } = await lab.engine.status()
    if (running) for (const service of services) await startAgain(lab, service)
    await dropRecord(lab)
    return { faults: record.faults, restarted: running ? services : [], kept }
  })
}

/** A config that was refused before there was a fault in it is refused again: that is not ours to mend. */
async function startAgain(lab: FaultLab, service: FaultService): Promise<void> {
  await lab.engine.restart(service).catch((error: unknown) => {
    if (!(error instanceof LabError) || error.code !== 'config-refused') throw error
  })
}

/** What a killed command left: nothing when there is none, or when it is still somebody's. */
export async function restoreAbandoned(lab: FaultLab): Promise<Restored | undefined> {
  const record = await readRecord(lab)
  if (record === undefined || (await isHeld(record))) return undefined
  return restore(lab)
}

/** Forgets the faults and leaves everything as it is now: somebody has mended them. */
export async function settle(lab: FaultLab): Promise<void> {
  await dropRecord(lab)
}

async function putBack({ path, before, written }: FileRecord): Promise<string | undefined> {
  const now = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new LabError('restore-failed', `cannot read ${path}: ${error.message}`, { cause: error })
  })
  if (now === before) return undefined
  const theirs = now !== undefined && !written.includes(now)
  const copy = `${path}.with-fault`
  if (theirs) await writeFileAtomic(copy, now)
  if (before === undefined) await rm(path, { force: true })
  else await writeFileAtomic(path, before)
  return theirs ? copy : undefined
}
