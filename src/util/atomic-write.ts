import { randomBytes } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { LabError } from '../errors.ts'

/**
 * Puts a whole new file in place of `path`, or leaves the old one as it was: temp file beside it, fsync, rename.
 * Throws LabError `disk-full`, `read-only` or `write-failed`.
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array,
  options: { mode?: number } = {},
): Promise<void> {
  const temp = `${path}.${randomBytes(4).toString('hex')}.tmp`
  let file: FileHandle | undefined
  try {
    file = await open(temp, 'wx', options.mode ?? 0o644)
    await file.writeFile(content)
    await file.sync()
    await file.close()
    file = undefined
    await rename(temp, path)
  } catch (error) {
    await file?.close().catch(() => {})
    await rm(temp, { force: true }).catch(() => {})
    throw writeError(error, path)
  }
}

/** A failed write in the user's words. */
export function writeError(error: unknown, path: string): LabError {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new LabError('disk-full', `cannot write ${path}: the disk is full`, {
      hint: 'Free some space, then try again. What the lab stores is removed by: otel-lab down --volumes',
      cause: error,
    })
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new LabError(
      'read-only',
      `cannot write ${path}: ${code === 'EROFS' ? 'the file system is read-only' : 'permission denied'}`,
      {
        hint: 'Go to a folder of your own, then: otel-lab up',
        cause: error,
      },
    )
  }
  return new LabError('write-failed', `cannot write ${path}: ${(error as Error).message}`, { cause: error })
}
