import { type FileHandle, mkdir, open as openFile } from 'node:fs/promises'
import { LabError } from '../errors.ts'
import { diskError } from './journal/disk-error.ts'
import { FRAME_BYTES, frame } from './journal/frame.ts'
import {
  type Damaged,
  listSegments,
  readSegment,
  removeSegment,
  replaySegment,
  segmentFile,
  syncFolder,
  type Truncated,
} from './journal/segments.ts'

/** An append-only journal of byte records: segments with checksums, group commit, replay on open, damage reported. */
export interface Journal {
  /**
   * Asks for the record's bytes once it is known which segment they go to, since a record may lean on others of its
   * segment, and resolves when they are on disk (group commit). What was asked for may still fail: only the resolved
   * segment holds. Rejects with LabError `disk-full` or `disk-failed`; the journal stays usable.
   */
  append(record: (segment: number) => Uint8Array): Promise<{ segment: number }>
  /** Begins a new segment, unless the current one is still empty; returns the number of the one that is current then. */
  rotate(): Promise<number>
  /** Deletes every segment below `segment`. */
  dropBefore(segment: number): Promise<void>
  /** The records of a segment, as they are on disk now. */
  read(segment: number, onRecord: (record: Uint8Array) => void): Promise<void>
  /** Deletes one segment that is not the current one. */
  drop(segment: number): Promise<void>
  /** The current one. The next record may go to a later one: see `append`. */
  readonly segment: number
  /** Bytes on disk. */
  readonly bytes: number
  close(): Promise<void>
}

export interface JournalOptions {
  /** Called for each record found on open, oldest first, before openJournal resolves. */
  onRecord?: (record: Uint8Array, segment: number) => void
  /** Called when an unfinished write was cut off the end. */
  onTruncated?: (detail: Truncated) => void
  /** Called when bytes that had been whole once are not any more; the records behind them are read. */
  onDamaged?: (detail: Damaged) => void
  /** Start a new segment past this many bytes; default 16 MiB. */
  segmentBytes?: number
  /** fdatasync before acknowledging; default true. */
  sync?: boolean
  /** How files are opened; a test of a failing disk passes its own. */
  open?: (path: string, flags: string) => Promise<Pick<FileHandle, 'writev' | 'datasync' | 'truncate' | 'close'>>
}

interface Waiting {
  record: (segment: number) => Uint8Array
  resolve: (where: { segment: number }) => void
  reject: (error: unknown) => void
}

/**
 * Opens (or makes) the journal in `dir` and replays it. Throws LabError `disk-full`, `disk-failed` or
 * `disk-read-only` when the folder cannot be read or written. One process at a time may hold a folder.
 */
export async function openJournal(dir: string, options: JournalOptions = {}): Promise<Journal> {
  const { segmentBytes = 16 << 20, sync = true, open = openFile } = options
  const { onRecord = () => {}, onTruncated = () => {}, onDamaged = () => {} } = options
  const sizes = new Map<number, number>()
  let segment = 1
  /** The current segment has a torn or damaged part that could not be cut. */
  let abandoned = false
  try {
    await mkdir(dir, { recursive: true })
    for (const number of await listSegments(dir)) {
      const { size, sound } = await replaySegment(dir, number, { onRecord, onTruncated, onDamaged })
      sizes.set(number, size)
      segment = number
      abandoned = !sound
    }
  } catch (error) {
    throw diskError(error, dir)
  }

  let file: Awaited<ReturnType<typeof open>> | undefined
  /** Length of what is known to be good in the current segment. */
  let size = sizes.get(segment) ?? 0
  let waiting: Waiting[] = []
  /** Everything that touches the files runs one after the other on this chain, which never rejects. */
  let chain: Promise<unknown> = Promise.resolve()
  let closed = false

  async function openSegment(number: number): Promise<void> {
    const old = file
    file = undefined
    await old?.close()
    // `a+` would ignore positions, `w` would empty a segment that has records: make it, then open for update.
    const path = segmentFile(dir, number)
    if (!sizes.has(number)) {
      await (await open(path, 'wx')).close()
      sizes.set(number, 0)
      if (sync) await syncFolder(dir)
    }
    file = await open(path, 'r+')
    segment = number
    size = sizes.get(number) ?? 0
    abandoned = false
  }

  /** After a failed write: what is past `size` is torn. If even cutting it fails, go on in a new segment. */
  async function repair(): Promise<void> {
    const broken = file
    file = undefined
    try {
      await broken?.truncate(size)
      if (sync) await broken?.datasync()
    } catch {
      // Replay cuts the torn tail of the abandoned segment; its good records end before it.
      abandoned = true
    }
    await broken?.close().catch(() => {})
  }

  async function flush(): Promise<void> {
    const batch: (Waiting & { bytes: Uint8Array })[] = []
    const asked = waiting
    waiting = []
    if (asked.length === 0) return
    try {
      if (file === undefined || size >= segmentBytes) {
        await openSegment(abandoned || size >= segmentBytes ? segment + 1 : segment)
      }
      for (const one of asked) {
        try {
          batch.push({ ...one, bytes: one.record(segment) })
        } catch (error) {
          one.reject(error)
        }
      }
      const buffers = batch.flatMap(({ bytes }) => [frame(bytes), bytes])
      const length = batch.reduce((sum, { bytes }) => sum + FRAME_BYTES + bytes.length, 0)
      await writeFully(file!, buffers, length, size)
      if (sync) await file!.datasync()
      size += length
      sizes.set(segment, size)
    } catch (error) {
      await repair()
      const failure = diskError(error, dir)
      for (const { reject } of asked) reject(failure)
      return
    }
    const where = { segment }
    for (const { resolve } of batch) resolve(where)
  }

  function exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = chain.then(work)
    chain = result.catch(() => {})
    return result
  }

  const journal: Journal = {
    append(record) {
      if (closed) return Promise.reject(new LabError('journal-closed', `${dir} is already closed`))
      return new Promise((resolve, reject) => {
        waiting.push({ record, resolve, reject })
        // The first of a group asks for the write; whoever arrives until it runs travels along.
        if (waiting.length === 1) void exclusively(flush)
      })
    },
    rotate: () =>
      exclusively(async () => {
        await flush()
        try {
          if (size > 0 || abandoned || file === undefined)
            await openSegment(size > 0 || abandoned ? segment + 1 : segment)
        } catch (error) {
          throw diskError(error, dir)
        }
        return segment
      }),
    dropBefore: (limit) =>
      exclusively(async () => {
        for (const number of [...sizes.keys()]) if (number < limit && number !== segment) await dropOne(number)
      }),
    drop: (number) =>
      exclusively(async () => {
        if (number === segment) throw new Error(`segment ${number} is the current one`)
        await dropOne(number)
      }),
    read: (number, visit) =>
      exclusively(async () => {
        try {
          await readSegment(dir, number, visit)
        } catch (error) {
          throw diskError(error, dir)
        }
      }),
    get segment() {
      return segment
    },
    get bytes() {
      let sum = 0
      for (const bytes of sizes.values()) sum += bytes
      return sum
    },
    close: () => {
      closed = true
      return exclusively(async () => {
        await flush()
        const last = file
        file = undefined
        await last?.close()
      })
    },
  }

  async function dropOne(number: number): Promise<void> {
    if (!sizes.has(number)) return
    await removeSegment(dir, number).catch((error) => {
      throw diskError(error, dir)
    })
    sizes.delete(number)
  }

  await exclusively(() => openSegment(abandoned ? segment + 1 : segment)).catch((error) => {
    throw diskError(error, dir)
  })
  return journal
}

/** writev may write less than asked, most of all when the disk fills up. */
async function writeFully(
  file: Pick<FileHandle, 'writev'>,
  buffers: Uint8Array[],
  length: number,
  position: number,
): Promise<void> {
  let written = 0
  let rest = buffers
  while (written < length) {
    // The kernel takes at most IOV_MAX (1024) buffers in one call.
    const part = rest.slice(0, 1024)
    const { bytesWritten } = await file.writev(part, position + written)
    if (bytesWritten === 0) throw Object.assign(new Error('the disk took no bytes'), { code: 'ENOSPC' })
    written += bytesWritten
    let skip = bytesWritten
    let index = 0
    while (index < rest.length && skip >= rest[index]!.length) skip -= rest[index++]!.length
    rest = rest.slice(index)
    if (skip > 0) rest[0] = rest[0]!.subarray(skip)
  }
}
