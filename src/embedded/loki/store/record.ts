import type { Entry, Labels } from '../logql/source.ts'
import { Block, encodeBlock } from './codec.ts'

/** Lines of one stream that came in one push. */
export interface Batch {
  labels: Labels
  entries: readonly Entry[]
}

/** One push as the journal keeps it: for each stream its labels as JSON and its lines as a block, each with its length. */
export function encodeRecord(batches: readonly Batch[]): Buffer {
  const parts: Buffer[] = []
  for (const { labels, entries } of batches) {
    for (const bytes of [Buffer.from(JSON.stringify(labels)), encodeBlock(entries)]) {
      const length = Buffer.alloc(4)
      length.writeUInt32LE(bytes.length)
      parts.push(length, bytes)
    }
  }
  return Buffer.concat(parts)
}

/** Throws RangeError or SyntaxError when the bytes are no record. */
export function decodeRecord(bytes: Uint8Array): Batch[] {
  const record = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const batches: Batch[] = []
  let at = 0
  const take = () => {
    const length = record.readUInt32LE(at)
    at += 4 + length
    return record.subarray(at - length, at)
  }
  while (at < record.length) {
    const labels = JSON.parse(take().toString('utf8')) as Labels
    const block = new Block(take())
    batches.push({ labels, entries: Array.from({ length: block.count }, (_, i) => copied(block.entry(i))) })
  }
  return batches
}

/** The line as a string of its own: a slice would keep the whole record in memory. */
function copied(entry: Entry): Entry {
  return { ...entry, line: Buffer.from(entry.line).toString('utf8') }
}
