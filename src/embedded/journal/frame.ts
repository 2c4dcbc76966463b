import { crc32 } from 'node:zlib'

/**
 * Each record on disk: length (u32, little-endian), CRC-32 of the record and those four bytes, the record.
 * The length is summed too, or a run of zeros, which a crash can leave, would read as valid empty records.
 */
export const FRAME_BYTES = 8

export function frame(record: Uint8Array): Uint8Array {
  const head = Buffer.alloc(FRAME_BYTES)
  head.writeUInt32LE(record.length, 0)
  head.writeUInt32LE(crc32(head.subarray(0, 4), crc32(record)), 4)
  return head
}

/** Calls `onRecord` for each whole record in `bytes`; returns where the good part ends. */
export function readFrames(bytes: Buffer, onRecord: (record: Uint8Array) => void): number {
  let at = 0
  while (at + FRAME_BYTES <= bytes.length) {
    const length = bytes.readUInt32LE(at)
    const end = at + FRAME_BYTES + length
    if (end > bytes.length) break
    const record = bytes.subarray(at + FRAME_BYTES, end)
    if (crc32(bytes.subarray(at, at + 4), crc32(record)) !== bytes.readUInt32LE(at + 4)) break
    onRecord(record)
    at = end
  }
  return at
}
