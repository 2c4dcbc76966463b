import type { Entry, Labels } from '../logql/source.ts'

/** Lines of one stream that came in one push. */
export interface Batch {
  labels: Labels
  entries: readonly Entry[]
}

type Stored = [labels: Labels, entries: [nanos: string, line: string, metadata: Labels][]][]

/** One push as the journal keeps it. JSON: it is written and read faster than the columns of a chunk, and soon gone. */
export function encodeRecord(batches: readonly Batch[]): Buffer {
  const stored: Stored = batches.map(({ labels, entries }) => [
    labels,
    entries.map(({ nanos, line, metadata }) => [String(nanos), line, metadata]),
  ])
  return Buffer.from(JSON.stringify(stored))
}

/** Throws SyntaxError or TypeError when the bytes are no record. */
export function decodeRecord(bytes: Uint8Array): Batch[] {
  const record = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const stored = JSON.parse(record.toString('utf8')) as Stored
  return stored.map(([labels, entries]) => ({
    labels,
    entries: entries.map(([nanos, line, metadata]) => ({ nanos: BigInt(nanos), line, metadata })),
  }))
}
