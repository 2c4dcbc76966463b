import { readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { LabError } from '../errors.ts'
import { makeDir, writeFileAtomic } from '../util/atomic-write.ts'
import { isRunning, type ProcessId } from '../util/process-alive.ts'
import type { FaultLab } from './lab.ts'
import type { Places } from './plan.ts'
import type { FaultService } from './schema.ts'

/**
 * What was changed, written before it is changed: whoever comes after a kill -9 can put it back. One at a time in a lab.
 */
export interface FaultRecord {
  faults: string[]
  /** `in` once all of it is done. */
  phase: 'injecting' | 'in'
  /** `process-ends`: it is nobody's any more once this process is gone. */
  until: 'restored' | 'process-ends'
  owner: ProcessId
  files: FileRecord[]
  /** Components that are to read their configs again. */
  services: FaultService[]
  env: Record<string, string>
  /** What the words in angle brackets stood for. */
  places: Places
  /** The relay's process looks here whether it is still wanted. */
  relay?: { id: string }
}

export interface FileRecord {
  path: string
  /** Absent when there was no such file. */
  before?: string
  /** Every text that we wrote; any other is somebody's own work. */
  written: string[]
}

export const recordPath = (lab: FaultLab) => lab.workspace.statePath('faults', 'record.json')

export async function readRecord(lab: FaultLab): Promise<FaultRecord | undefined> {
  const path = recordPath(lab)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new LabError('faults-unreadable', `cannot read ${path}: ${error.message}`, { cause: error })
  })
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as FaultRecord
  } catch (error) {
    throw new LabError('faults-unreadable', `${path} is not JSON: ${(error as Error).message}`, {
      hint: `Compare the configs with the shipped ones: otel-lab config diff\nThen: rm ${path}`,
      cause: error,
    })
  }
}

export async function writeRecord(lab: FaultLab, record: FaultRecord): Promise<void> {
  const path = recordPath(lab)
  await makeDir(dirname(path))
  await writeFileAtomic(path, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 })
}

export async function dropRecord(lab: FaultLab): Promise<void> {
  await rm(recordPath(lab), { force: true })
}

/** Whether somebody still answers for it: an incident stays in until it is ended, a trial as long as its process lives. */
export async function isHeld(record: FaultRecord): Promise<boolean> {
  if (record.phase === 'in' && record.until === 'restored') return true
  return isRunning(record.owner)
}
