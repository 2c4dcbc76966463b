import { randomBytes } from 'node:crypto'
import { revertChange } from '../collector-config.ts'
import { type ConfigKey, configFile } from './files.ts'
import type { Change } from './make.ts'
import { dropRecord, isOrphan, ourselves, readRecords, type TemporaryRecord, writeRecord } from './record.ts'
import { type ConfigLab, changeConfig, exclusively, keepCopy, type Outcome, planChange } from './transaction.ts'

export interface TemporaryChange {
  id: string
  key: ConfigKey
  why: string
  at: string
}

export interface Restored extends TemporaryChange {
  shown: string
  /** False when it was undone by hand already, or when later edits stand in the way: then the file stays as it is. */
  restored: boolean
  /** Where the text of before is, when the file could not be put back. */
  backup?: string
}

/**
 * A change that is to be taken back. Its record is on disk before the config is touched. With owner `process` the
 * next command takes it back if this one dies; with `lab` it lasts, over many commands, until `endTemporary`.
 */
export async function beginTemporary(
  lab: ConfigLab,
  change: Change,
  { why, owner }: { why: string; owner: 'process' | 'lab' },
): Promise<TemporaryChange & { outcome: Outcome }> {
  return exclusively(lab, async () => {
    const { file, text } = await planChange(lab, change)
    const id = `t${randomBytes(5).toString('hex')}`
    const record: TemporaryRecord = {
      id,
      key: change.key,
      why,
      at: lab.now().toISOString(),
      ...(owner === 'process' ? { owner: await ourselves() } : {}),
      before: file.text,
      after: text,
    }
    await writeRecord(lab.workspace, record)
    try {
      const outcome = await changeConfig(lab, { ...change, make: () => text })
      return { id, key: change.key, why, at: record.at, outcome }
    } catch (error) {
      await dropRecord(lab.workspace, id)
      throw error
    }
  })
}

/** Takes one back, also from under edits that came later, as long as they are about other lines. */
export async function endTemporary(lab: ConfigLab, id: string): Promise<Restored | undefined> {
  return exclusively(lab, async () => {
    const record = (await readRecords(lab.workspace)).find((one) => one.id === id)
    return record && takeBack(lab, record)
  })
}

/** Does the work under a temporary change and takes it back, whatever becomes of the work. */
export async function temporarily<T>(lab: ConfigLab, change: Change, why: string, work: () => Promise<T>): Promise<T> {
  const { id } = await beginTemporary(lab, change, { why, owner: 'process' })
  try {
    return await work()
  } finally {
    await endTemporary(lab, id)
  }
}

/** What a killed command left behind is put back. Cheap when there is nothing. */
export async function recoverTemporary(lab: ConfigLab): Promise<Restored[]> {
  const found = await orphans(lab)
  if (found.length === 0) return []
  return exclusively(lab, async () => {
    const restored: Restored[] = []
    // Somebody else may have been here while we waited for the lock. The newest first, as they were put on.
    for (const record of (await orphans(lab)).reverse()) restored.push(await takeBack(lab, record))
    return restored
  })
}

export async function pendingTemporary(lab: Pick<ConfigLab, 'workspace'>): Promise<TemporaryChange[]> {
  return (await readRecords(lab.workspace)).map(({ id, key, why, at }) => ({ id, key, why, at }))
}

async function orphans(lab: ConfigLab): Promise<TemporaryRecord[]> {
  const all = await readRecords(lab.workspace)
  const lost = await Promise.all(all.map(isOrphan))
  return all.filter((_, i) => lost[i])
}

async function takeBack(lab: ConfigLab, record: TemporaryRecord): Promise<Restored> {
  const { id, key, why, at, before, after } = record
  const file = await configFile(lab.workspace, key)
  const told = { id, key, why, at, shown: file.shown }
  const text = file.text === after ? before : revertChange(file.text, { before, after })
  if (text === undefined) {
    const backup = await keepCopy(lab, { ...file, text: before })
    await dropRecord(lab.workspace, id)
    return { ...told, restored: false, ...(backup ? { backup } : {}) }
  }
  await changeConfig(lab, { key, make: () => text, orNone: true })
  await dropRecord(lab.workspace, id)
  return { ...told, restored: true }
}
