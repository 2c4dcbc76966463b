import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

export interface FolderSize {
  files: number
  bytes: number
  /** When the first and the last of its files were written to. */
  oldest?: Date
  newest?: Date
}

/** The files below `dir`; none where it is not there. One that goes away meanwhile is not counted. */
export async function measureFolder(dir: string): Promise<FolderSize> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const size: FolderSize = { files: 0, bytes: 0 }
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const facts = await stat(join(entry.parentPath, entry.name)).catch(() => undefined)
    if (facts === undefined) continue
    size.files++
    size.bytes += facts.size
    if (size.oldest === undefined || facts.mtime < size.oldest) size.oldest = facts.mtime
    if (size.newest === undefined || facts.mtime > size.newest) size.newest = facts.mtime
  }
  return size
}
