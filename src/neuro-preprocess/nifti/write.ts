import { createWriteStream, existsSync } from 'node:fs'
import { access, constants, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { ScanFault } from '../fault.ts'

/** Compressing in pieces keeps the copy small that zlib makes of each. */
const PIECE = 1024 * 1024

/**
 * Writes a .nii.gz whole or not at all: into `temp` beside it, to the disk, then in its place. Returns its size.
 * Throws ScanFault `disk-full` or `write-failed`.
 */
export async function writeNiftiGz(
  path: string,
  parts: readonly Uint8Array[],
  options: { temp: string; level?: number },
): Promise<number> {
  const { temp, level = 1 } = options
  try {
    await makeFolder(dirname(path))
    await pipeline(Readable.from(pieces(parts)), createGzip({ level }), createWriteStream(temp, { flags: 'wx' }))
    const file = await open(temp, 'r+')
    try {
      await file.sync()
    } finally {
      await file.close()
    }
    const { size } = await stat(temp)
    await rename(temp, path)
    return size
  } catch (error) {
    await rm(temp, { force: true }).catch(() => {})
    throw writeFault(error, path)
  }
}

function* pieces(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += PIECE) yield part.subarray(at, at + PIECE)
  }
}

export async function makeFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true })
  } catch (error) {
    // On a read-only file system a recursive mkdir says ENOENT; the folder above says what it is.
    let above = dirname(dir)
    while (!existsSync(above)) above = dirname(above)
    const real = await access(above, constants.W_OK).catch((why: Error) => why)
    throw writeFault(real ?? error, dir)
  }
}

/** A failed write in the user's words. */
export function writeFault(error: unknown, path: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (error instanceof ScanFault || code === undefined) return error
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new ScanFault(
      'disk-full',
      `cannot write ${path}: the disk is full`,
      'Free some space, or give another -o DIR',
      {
        cause: error,
      },
    )
  }
  const why =
    code === 'EACCES' || code === 'EPERM'
      ? 'permission denied'
      : code === 'EROFS'
        ? 'the file system is read-only'
        : code === 'ENOTDIR' || code === 'EEXIST'
          ? 'a file is in the way of the folder'
          : message
  return new ScanFault('write-failed', `cannot write ${path}: ${why}`, 'Give another folder with -o DIR', {
    cause: error,
  })
}
