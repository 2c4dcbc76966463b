import { open, readdir, readFile, rename, truncate, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { keepBytesAside } from '../set-aside.ts'
import { type Gap, isUnfinished, readFrames } from './frame.ts'

export const segmentFile = (dir: string, number: number) => join(dir, `${String(number).padStart(8, '0')}.log`)

/** Numbers of the segments in `dir`, ascending. */
export async function listSegments(dir: string): Promise<number[]> {
  const names = await readdir(dir)
  return names
    .filter((name) => /^\d{8}\.log$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b)
}

export interface Truncated {
  file: string
  keptBytes: number
  lostBytes: number
}

export interface Damaged {
  file: string
  lostBytes: number
  /** Where a copy of the damaged bytes is; none when the disk would not take it, and then they are still in the file. */
  keptIn?: string
}

interface Listener {
  onRecord: (record: Uint8Array, segment: number) => void
  onTruncated: (detail: Truncated) => void
  onDamaged: (detail: Damaged) => void
}

/**
 * Reads one segment. An unfinished write at its end is cut; bytes that are damaged are kept beside the file and taken
 * out of it, and what comes behind them is read. Returns the bytes kept, and whether records may follow them there.
 */
export async function replaySegment(
  dir: string,
  number: number,
  { onRecord, onTruncated, onDamaged }: Listener,
): Promise<{ size: number; sound: boolean }> {
  const file = segmentFile(dir, number)
  const bytes = await readFile(file)
  const gaps = readFrames(bytes, (record) => onRecord(record, number))
  const last = gaps.at(-1)
  if (last?.to === bytes.length && isUnfinished(bytes, last.from)) {
    gaps.pop()
    await truncate(file, last.from)
    onTruncated({ file, keptBytes: last.from, lostBytes: bytes.length - last.from })
  }
  const end = last === undefined || gaps.includes(last) ? bytes.length : last.from
  if (gaps.length === 0) return { size: end, sound: true }
  const cut = gaps.map(({ from, to }) => bytes.subarray(from, to))
  const lostBytes = cut.reduce((sum, { length }) => sum + length, 0)
  try {
    const keptIn = await keepBytesAside(file, Buffer.concat(cut))
    const size = await rewrite(file, bytes, gaps, end)
    await syncFolder(dir)
    onDamaged({ file, lostBytes, keptIn })
    return { size, sound: true }
  } catch {
    // A full disk, say. The next start tries again; until then nothing may be written behind the damage.
    onDamaged({ file, lostBytes })
    return { size: end, sound: false }
  }
}

export async function readSegment(dir: string, number: number, visit: (record: Uint8Array) => void): Promise<void> {
  readFrames(await readFile(segmentFile(dir, number)), visit)
}

/** Writes the file anew without the gaps; it is there whole, the old or the new. */
async function rewrite(file: string, bytes: Buffer, gaps: readonly Gap[], end: number): Promise<number> {
  const starts = [0, ...gaps.map(({ to }) => to)]
  const parts = starts.map((from, i) => bytes.subarray(from, gaps[i]?.from ?? end))
  const temporary = await open(`${file}.tmp`, 'w', 0o600)
  try {
    await temporary.writeFile(Buffer.concat(parts))
    await temporary.sync()
  } finally {
    await temporary.close()
  }
  await rename(`${file}.tmp`, file)
  return parts.reduce((sum, { length }) => sum + length, 0)
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
