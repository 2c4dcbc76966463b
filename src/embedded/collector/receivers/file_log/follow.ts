import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Piece, Split } from './split.ts'

/** How far a file was read; it is known again by how it begins, under whatever name. */
export interface Place {
  head: Buffer
  offset: number
  records: number
}

export interface FollowSettings {
  start_at: string
  fingerprint_size: number
  max_log_size: number
  force_flush_period: number
  on_truncate: string
}

/** A file's new records; `first` is the number of the first of them. */
export type Take = (path: string, pieces: Piece[], base: number, first: number) => Promise<void>

const CHUNK = 1024 * 1024

interface Followed extends Place {
  path: string
  size: number
  grewAt: number
}

/** Reads on in files where it was, through renames, truncations and new files of an old name. */
export function createFollower(
  filesDir: string,
  settings: FollowSettings,
  split: Split,
  take: Take,
  isNew: (path: string) => void,
) {
  const chunk = Math.max(CHUNK, settings.max_log_size + 4)
  let files: Followed[] = []
  let places: Place[] = []
  let first = true

  async function headOf(file: FileHandle, size: number): Promise<Buffer> {
    const head = Buffer.alloc(Math.min(size, settings.fingerprint_size))
    const { bytesRead } = await file.read(head, 0, head.length, 0)
    return head.subarray(0, bytesRead)
  }

  const begins = (head: Buffer, { head: known }: Place) =>
    known.length > 0 && head.length >= known.length && head.subarray(0, known.length).equals(known)

  function followed(path: string, head: Buffer, size: number, now: number): Followed {
    const same = (one: Place) => begins(head, one)
    const known = files.find((one) => one.path === path && same(one)) ?? files.find(same)
    if (known !== undefined) {
      if (size < known.offset && settings.on_truncate === 'read_whole_file') known.offset = 0
      if (size < known.offset && settings.on_truncate === 'read_new') known.offset = size
      if (size !== known.size) known.grewAt = now
      return Object.assign(known, { path, head, size })
    }
    isNew(path)
    const before = places.find(same)
    const offset = before?.offset ?? (first && settings.start_at === 'end' ? size : 0)
    return { path, head, size, offset, records: before?.records ?? 0, grewAt: now }
  }

  async function read(file: FileHandle, one: Followed, now: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && one.offset < one.size) {
      const bytes = Buffer.alloc(Math.min(chunk, one.size - one.offset))
      const { bytesRead } = await file.read(bytes, 0, bytes.length, one.offset)
      const period = settings.force_flush_period
      const last = period > 0 && one.offset + bytesRead >= one.size && now - one.grewAt >= period
      const { pieces, taken } = split(bytes.subarray(0, bytesRead), last)
      if (taken === 0) return
      if (pieces.length > 0) await take(one.path, pieces, one.offset, one.records + 1)
      one.offset += taken
      one.records += pieces.length
    }
  }

  return {
    /** The places of an earlier process. */
    restore(before: Place[]) {
      places = before
      if (before.length > 0) first = false
    },
    places: (): Place[] => [...files, ...places].map(({ head, offset, records }) => ({ head, offset, records })),
    open: () => files.length,
    async poll(paths: readonly string[], signal: AbortSignal): Promise<void> {
      const now = Date.now()
      const seen: Followed[] = []
      for (const path of paths) {
        const file = await open(join(filesDir, path), 'r').catch(() => undefined)
        if (file === undefined) continue
        try {
          const { size } = await file.stat()
          if (size === 0) continue
          const one = followed(path, await headOf(file, size), size, now)
          if (seen.includes(one)) continue
          seen.push(one)
          await read(file, one, now, signal)
        } finally {
          await file.close()
        }
      }
      // One that is gone may come back under another name at the next look.
      const gone = files.filter((one) => !seen.includes(one))
      places = [...gone, ...places].slice(0, 1000)
      files = seen
      first = false
    },
  }
}
