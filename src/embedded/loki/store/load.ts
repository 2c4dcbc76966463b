import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError } from '../../../errors.ts'
import { listSegments, segmentFile } from '../../journal/segments.ts'
import { isDiskTrouble, setFileAside } from '../../set-aside.ts'
import type { Labels } from '../logql/source.ts'
import { type ChunkContents, type ChunkFile, chunkName, openChunkFile } from './chunk-file.ts'
import { decodeRecord } from './record.ts'
import { LogStream } from './stream.ts'

export type StoreLog = (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void

/** A journal that was taken away must not begin with numbers that the chunks already cover. */
export async function beginAt(dir: string, segment: number): Promise<void> {
  await mkdir(dir, { recursive: true })
  if (segment > 0 && ((await listSegments(dir)).at(-1) ?? 0) < segment) await writeFile(segmentFile(dir, segment), '')
}

/** What is on disk, read at the start. */
export interface Loaded {
  streams: Map<string, LogStream>
  files: ChunkFile[]
  coversBefore: number
  /** No chunk file has or had a higher number, nor one that was set aside. */
  lastNumber: number
}

export function defineStream(streams: Map<string, LogStream>, labels: Labels): LogStream {
  const key = JSON.stringify(labels)
  let stream = streams.get(key)
  if (stream === undefined) {
    stream = new LogStream(labels)
    streams.set(key, stream)
  }
  return stream
}

/** Reads the indexes of all chunk files. A damaged file is logged and set aside. */
export async function loadChunks(dir: string, log: StoreLog): Promise<Loaded> {
  await mkdir(dir, { recursive: true })
  const loaded: Loaded = { streams: new Map(), files: [], coversBefore: 0, lastNumber: 0 }
  for (const name of (await readdir(dir)).sort()) {
    if (name.endsWith('.tmp')) await rm(join(dir, name), { force: true })
    if (!/^\d{8}\.chunk/.test(name)) continue
    const number = Number.parseInt(name, 10)
    loaded.lastNumber = Math.max(loaded.lastNumber, number)
    if (name !== chunkName(number)) continue
    let contents: ChunkContents
    try {
      contents = await openChunkFile(dir, number)
    } catch (error) {
      // Only what it holds: a file that cannot be read now may be read the next time.
      const keptIn = isDiskTrouble(error) ? undefined : await setFileAside(join(dir, name)).catch(() => undefined)
      log('error', 'passed over a damaged chunk', {
        file: name,
        err: (error as Error).message,
        ...(keptIn && { keptIn }),
      })
      continue
    }
    loaded.files.push(contents.file)
    loaded.coversBefore = Math.max(loaded.coversBefore, contents.coversBefore)
    for (const { labels, blocks } of contents.streams) {
      const stream = defineStream(loaded.streams, labels)
      stream.blocks.push(...blocks)
      for (const { maxNanos } of blocks) {
        if (stream.highestNanos === undefined || maxNanos > stream.highestNanos) stream.highestNanos = maxNanos
      }
    }
  }
  return loaded
}

export function replay(bytes: Uint8Array, { streams }: Loaded, log: StoreLog, now: () => number): void {
  try {
    for (const { labels, entries } of decodeRecord(bytes)) {
      const stream = defineStream(streams, labels)
      stream.lastPush = now()
      for (const entry of entries) stream.insert(entry)
    }
  } catch (error) {
    if (error instanceof LabError) throw error
    log('error', 'passed over a record of the journal', { err: (error as Error).message })
  }
}
