import { exclusively } from '../config-change.ts'
import { LabError } from '../errors.ts'
import type { Fault } from './catalog.ts'
import { changeConfigs, writeAppEnv } from './change.ts'
import type { FaultLab } from './lab.ts'
import { editsByService, fillInAll } from './plan.ts'
import { readRecord, writeRecord } from './record.ts'

/** Does what the fault's file says that a learner would do. Gives the environment that the app has then. */
export async function mend(lab: FaultLab, fault: Fault): Promise<Record<string, string>> {
  return exclusively(lab, () => mendAlone(lab, fault))
}

async function mendAlone(lab: FaultLab, fault: Fault): Promise<Record<string, string>> {
  const record = await readRecord(lab)
  if (record === undefined) throw new LabError('no-fault', 'there is no fault in this lab to mend')
  const { unset = [], edits, restart = [] } = fault.mend
  await changeConfigs(lab, record, editsByService(fault, edits), true)
  for (const service of restart) await lab.engine.restart(service)
  const left = Object.entries(record.env).filter(([name]) => !unset.includes(name))
  record.env = { ...Object.fromEntries(left), ...fillInAll(fault.mend.env ?? {}, record.places) }
  await writeAppEnv(lab, record)
  await writeRecord(lab, record)
  return record.env
}
