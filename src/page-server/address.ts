import { readFile, rm } from 'node:fs/promises'
import { writeFileAtomic } from '../util/atomic-write.ts'
import { isAlive } from '../util/process-alive.ts'

/** Where the page of a lab is served now; kept in the lab's folder. */
export interface PageAddress {
  pid: number
  url: string
}

/** Undefined when nobody serves it. */
export async function readPageAddress(path: string): Promise<PageAddress | undefined> {
  try {
    const address = JSON.parse(await readFile(path, 'utf8')) as PageAddress
    return isAlive(address.pid) ? address : undefined
  } catch {
    return undefined
  }
}

export async function keepPageAddress(path: string, address: PageAddress): Promise<() => Promise<void>> {
  await writeFileAtomic(path, `${JSON.stringify(address)}\n`)
  return async () => {
    if ((await readPageAddress(path))?.pid === address.pid) await rm(path, { force: true })
  }
}
