import { closeSync, openSync, readSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { crc32, deflate, deflateSync, inflateSync } from 'node:zlib'
import { syncFolder } from '../../journal/segments.ts'
import type { Entry, Labels } from '../logql/source.ts'
import { Block, encodeBlock } from './codec.ts'
import { BlockFilter } from './filter.ts'

/**
 * A file of cut lines: zlib-compressed blocks, each of one stream and in order of time and followed by its filter,
 * which says what is not in it (files of the first versions have none); then an index (JSON,
 * compressed), then its length and CRC-32 (u32 each) and a mark. Written aside and renamed, so it is whole or absent.
 */
export interface ChunkFile {
  path: string
  number: number
  bytes: number
  minNanos: bigint
  maxNanos: bigint
  entries: number
}

export interface BlockRef {
  file: ChunkFile
  offset: number
  length: number
  minNanos: bigint
  maxNanos: bigint
  count: number
  /** Of lines and metadata, not compressed. */
  bytes: number
  /** Of the filter, which comes after the block; 0 when there is none. */
  filterLength: number
}

interface Index {
  /** Journal segments below this one hold nothing that is not in chunk files. */
  coversBefore: number
  streams: {
    labels: Labels
    blocks: [offset: number, length: number, min: string, max: string, count: number, bytes: number, filter?: number][]
  }[]
}

export interface ChunkContents {
  file: ChunkFile
  coversBefore: number
  streams: { labels: Labels; blocks: BlockRef[] }[]
}

const MARK = Buffer.from('LOKICHK1')
const TAIL = 8 + MARK.length
/** Loki's chunk_block_size. */
const BLOCK_BYTES = 256 * 1024
const compress = promisify(deflate)

export const chunkName = (number: number) => `${String(number).padStart(8, '0')}.chunk`

/** What a line weighs, in Loki's count: its text and its structured metadata. */
export function entrySize({ line, metadata }: Entry): number {
  let size = line.length
  for (const [name, value] of metadata) size += name.length + value.length
  return size
}

/** Writes cut streams, their entries in order of time. Compression runs in Node's thread pool, block by block. */
export async function writeChunkFile(
  dir: string,
  number: number,
  streams: readonly { labels: Labels; entries: readonly Entry[] }[],
  coversBefore: number,
): Promise<ChunkContents> {
  const path = join(dir, chunkName(number))
  const index: Index = { coversBefore, streams: [] }
  const handle = await open(`${path}.tmp`, 'w')
  let offset = 0
  try {
    for (const { labels, entries } of streams) {
      const blocks: Index['streams'][number]['blocks'] = []
      for (const { part, bytes } of parts(entries)) {
        const block = encodeBlock(part)
        const packed = await compress(block.bytes, { level: 3 })
        await writeAll(handle, Buffer.concat([packed, block.filter]), offset)
        const [min, max] = [part[0]!.nanos, part.at(-1)!.nanos]
        blocks.push([offset, packed.length, String(min), String(max), part.length, bytes, block.filter.length])
        offset += packed.length + block.filter.length
      }
      index.streams.push({ labels, blocks })
    }
    const packed = deflateSync(Buffer.from(JSON.stringify(index)))
    const tail = Buffer.alloc(8)
    tail.writeUInt32LE(packed.length, 0)
    tail.writeUInt32LE(crc32(packed), 4)
    await writeAll(handle, Buffer.concat([packed, tail, MARK]), offset)
    offset += packed.length + TAIL
    await handle.sync()
  } catch (error) {
    await handle.close()
    await rm(`${path}.tmp`, { force: true }).catch(() => {})
    throw error
  }
  await handle.close()
  await rename(`${path}.tmp`, path)
  await syncFolder(dir)
  return contentsOf(path, number, offset, index)
}

async function writeAll(handle: Awaited<ReturnType<typeof open>>, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    written += (await handle.write(bytes, written, bytes.length - written, position + written)).bytesWritten
  }
}

function* parts(entries: readonly Entry[]) {
  let from = 0
  let bytes = 0
  for (let i = 0; i < entries.length; i++) {
    bytes += entrySize(entries[i]!)
    if (bytes < BLOCK_BYTES && i < entries.length - 1) continue
    yield { part: entries.slice(from, i + 1), bytes }
    from = i + 1
    bytes = 0
  }
}

/** Reads a chunk file's index. Throws Error when it is damaged. */
export async function openChunkFile(dir: string, number: number): Promise<ChunkContents> {
  const path = join(dir, chunkName(number))
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    const tail = Buffer.alloc(TAIL)
    if (size < TAIL) throw new Error('it is too short')
    await handle.read(tail, 0, TAIL, size - TAIL)
    const length = tail.readUInt32LE(0)
    if (!tail.subarray(8).equals(MARK) || length > size - TAIL) throw new Error('it does not end as it should')
    const packed = Buffer.alloc(length)
    await handle.read(packed, 0, length, size - TAIL - length)
    if (crc32(packed) !== tail.readUInt32LE(4)) throw new Error('its index is damaged')
    return contentsOf(path, number, size, JSON.parse(inflateSync(packed).toString('utf8')))
  } finally {
    await handle.close()
  }
}

function contentsOf(path: string, number: number, bytes: number, index: Index): ChunkContents {
  const file: ChunkFile = { path, number, bytes, minNanos: 0n, maxNanos: 0n, entries: 0 }
  const streams = index.streams.map(({ labels, blocks }) => ({
    labels,
    blocks: blocks.map(([offset, length, min, max, count, raw, filterLength = 0]): BlockRef => {
      const ref = {
        file,
        offset,
        length,
        minNanos: BigInt(min),
        maxNanos: BigInt(max),
        count,
        bytes: raw,
        filterLength,
      }
      if (file.entries === 0 || ref.minNanos < file.minNanos) file.minNanos = ref.minNanos
      if (file.entries === 0 || ref.maxNanos > file.maxNanos) file.maxNanos = ref.maxNanos
      file.entries += count
      return ref
    }),
  }))
  return { file, coversBefore: index.coversBefore, streams }
}

/** Reads one block, at once: queries walk through blocks as through memory. Throws when it is damaged or gone. */
export function readBlock({ file, offset, length }: BlockRef): Block {
  return new Block(inflateSync(readPart(file, offset, length)))
}

/** The block's filter; undefined when it has none, or a damaged one: then the block itself has to be looked into. */
export function readFilter({ file, offset, length, filterLength }: BlockRef): BlockFilter | undefined {
  if (filterLength === 0) return undefined
  const packed = readPart(file, offset + length, filterLength)
  return BlockFilter.of(packed)
}

function readPart(file: ChunkFile, offset: number, length: number): Buffer {
  const packed = Buffer.allocUnsafe(length)
  const fd = openSync(file.path, 'r')
  try {
    if (readSync(fd, packed, 0, length, offset) < length) throw new Error('the block ends early')
  } finally {
    closeSync(fd)
  }
  return packed
}
