import { open, readdir, readFile, truncate, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { readFrames } from './frame.ts'

export const segmentFile = (dir: string, number: number) => join(dir, `${String(number).padStart(8, '0')}.log`)

/** Numbers of the segments in `dir`, ascending. */
export async function listSegments(dir: string): Promise<number[]> {
  const names = await readdir(dir)
  return names
    .filter((name) => /^\d{8}\.log$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b)
}

/** Reads one segment and cuts what follows its last whole record. Returns the bytes kept. */
export async function replaySegment(
  dir: string,
  number: number,
  onRecord: (record: Uint8Array, segment: number) => void,
  onTruncated: (detail: { file: string; keptBytes: number; lostBytes: number }) => void,
): Promise<number> {
  const file = segmentFile(dir, number)
  const bytes = await readFile(file)
  const kept = readFrames(bytes, (record) => onRecord(record, number))
  if (kept < bytes.length) {
    await truncate(file, kept)
    onTruncated({ file, keptBytes: kept, lostBytes: bytes.length - kept })
  }
  return kept
}

/** A new or removed name is safe only once its folder is on disk. */
export async function syncFolder(dir: string): Promise<void> {
  // Windows cannot open folders; its file systems journal names themselves.
  if (process.platform === 'win32') return
  const handle = await open(dir, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

export async function removeSegment(dir: string, number: number): Promise<void> {
  await unlink(segmentFile(dir, number)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}
