import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { access, constants, type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
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
    const before = await stat(path).catch(() => undefined)
    file = await open(temp, 'wx', options.mode ?? 0o644)
    // Whoever could read the old one can read the new one, whatever the umask.
    if (before?.isFile() && options.mode === undefined) await file.chmod(before.mode & 0o777).catch(() => {})
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

/** Makes a folder and those above it. Throws LabError `disk-full`, `read-only` or `write-failed`. */
export async function makeDir(dir: string, options: { mode?: number } = {}): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, ...options })
  } catch (error) {
    // On a read-only file system a recursive mkdir says ENOENT; the folder above says what it is.
    let above = dirname(dir)
    while (!existsSync(above)) above = dirname(above)
    const real = await access(above, constants.W_OK).catch((why: Error) => why)
    throw writeError(real ?? error, dir)
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
