import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readCourseFile } from '../course-file.ts'
import { EXIT, LabError } from '../errors.ts'
import { packageRoot } from '../util/package-root.ts'
import type { FaultFile } from './schema.ts'

export interface Fault extends FaultFile {
  /** The name of its file. */
  name: string
}

/** Every fault there is, by name. Throws LabError `course-broken`. */
export async function loadFaults(root = packageRoot()): Promise<Fault[]> {
  const dir = join(root, 'exercises', 'faults')
  const names = (await readdir(dir)).filter((name) => name.endsWith('.yaml')).sort()
  return Promise.all(
    names.map(async (file) => ({
      ...(await readCourseFile<FaultFile>(join(dir, file), join(root, 'exercises', 'fault.schema.json'))),
      name: file.slice(0, -'.yaml'.length),
    })),
  )
}

/** Throws LabError `no-such-fault`. */
export function findFault(faults: readonly Fault[], name: string): Fault {
  const found = faults.find((one) => one.name === name)
  if (found) return found
  throw new LabError('no-such-fault', `there is no fault ${name}`, {
    hint: `There are: ${faults.map((one) => one.name).join(', ')}`,
    exit: EXIT.usage,
  })
}
