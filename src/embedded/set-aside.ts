import { open, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'

/** What could not be read stays beside its file under this ending, for people to look at, until they take it away. */
const DAMAGED = '.damaged'

const nameAside = (path: string, n: number) => `${path}${n === 1 ? '' : `.${n}`}${DAMAGED}`

/** Puts a copy of damaged bytes beside the file that they were in; returns its path. Never overwrites an older one. */
export async function keepBytesAside(path: string, bytes: Uint8Array): Promise<string> {
  for (let n = 1; ; n++) {
    const aside = nameAside(path, n)
    try {
      const file = await open(aside, 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      return aside
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

/** Takes a damaged file out of use under another name, which it returns. Never overwrites an older one. */
export async function setFileAside(path: string): Promise<string> {
  for (let n = 1; ; n++) {
    const aside = nameAside(path, n)
    // The name is taken first: a rename would silently replace what is there.
    const taken = await open(aside, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return undefined
      throw error
    })
    if (taken === undefined) continue
    await taken.close()
    await rename(path, aside)
    return aside
  }
}

/** What lies aside below a service's folder, as long as nobody took it away. */
export async function listAside(dir: string): Promise<string[]> {
  const names = await readdir(dir, { recursive: true }).catch(() => [])
  return names
    .filter((name) => name.endsWith(DAMAGED))
    .map((name) => join(dir, name))
    .sort()
}

/** The disk or the process is in trouble, which may pass; it says nothing about what is in the file. */
export function isDiskTrouble(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException).syscall === 'string'
}
