import { readFile } from 'node:fs/promises'
import { CONFIGS, type ConfigKey, changeConfig } from '../config-change.ts'
import { writeFileAtomic } from '../util/atomic-write.ts'
import type { FaultLab } from './lab.ts'
import { edited } from './plan.ts'
import { type FaultRecord, writeRecord } from './record.ts'
import type { FaultEdit, FaultService } from './schema.ts'

/** Edits the configs, each known to the record first, and has their components read them where that is meant. */
export async function changeConfigs(
  lab: FaultLab,
  record: FaultRecord,
  changes: ReadonlyMap<FaultService, FaultEdit[]>,
  apply: boolean,
): Promise<void> {
  for (const [service, edits] of changes) {
    const key = keyOf(service)
    const path = lab.workspace.configPath(CONFIGS[key].file)
    if (!record.services.includes(service)) record.services.push(service)
    const make = async (text: string) => {
      const next = edited(text, edits, record.places)
      await note(lab, record, path, next)
      return next
    }
    if (apply) await changeConfig(lab, { key, make })
    else await writeFileAtomic(path, await make(await readFile(path, 'utf8')))
  }
}

function keyOf(service: FaultService): ConfigKey {
  return (Object.keys(CONFIGS) as ConfigKey[]).find((key) => CONFIGS[key].service === service)!
}

const HEAD = "# What the app's environment says in this lab, besides what your own shell says.\n"

/** The app's environment as a file that one can look into, where the lab has a place for it. */
export async function writeAppEnv(lab: FaultLab, record: FaultRecord): Promise<void> {
  const { appEnvPath: path } = lab
  const known = record.files.some((file) => file.path === path)
  if (path === undefined || (Object.keys(record.env).length === 0 && !known)) return
  const text =
    HEAD +
    Object.entries(record.env)
      .map(([name, value]) => `${name}=${value}\n`)
      .join('')
  await note(lab, record, path, text)
  await writeFileAtomic(path, text)
}

async function note(lab: FaultLab, record: FaultRecord, path: string, text: string): Promise<void> {
  const known = record.files.find((file) => file.path === path)
  if (known) known.written.push(text)
  else {
    const before = await readFile(path, 'utf8').catch(() => undefined)
    record.files.push({ path, ...(before === undefined ? {} : { before }), written: [text] })
  }
  await writeRecord(lab, record)
}
