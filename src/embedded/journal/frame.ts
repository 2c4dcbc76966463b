import { crc32 } from 'node:zlib'

/**
 * Each record on disk: length (u32, little-endian), CRC-32 of the record and those four bytes, the record.
 * The length is summed too, or a run of zeros, which a crash can leave, would read as valid empty records.
 */
export const FRAME_BYTES = 8

/** No record is longer; a length beyond it is damage. */
const MAX_RECORD = 256 << 20
/** Looking for the next record may sum so many bytes, some seconds at most, before the rest counts as lost. */
const SEARCH_BYTES = 2 ** 31

export function frame(record: Uint8Array): Uint8Array {
  const head = Buffer.alloc(FRAME_BYTES)
  head.writeUInt32LE(record.length, 0)
  head.writeUInt32LE(crc32(head.subarray(0, 4), crc32(record)), 4)
  return head
}

export interface Gap {
  from: number
  to: number
}

/** Calls `onRecord` for each whole record in `bytes`, also behind damaged ones; returns what is not part of any. */
export function readFrames(bytes: Buffer, onRecord: (record: Uint8Array) => void): Gap[] {
  const gaps: Gap[] = []
  let budget = SEARCH_BYTES
  let at = 0
  while (at < bytes.length) {
    const end = frameEnd(bytes, at)
    if (end !== undefined) {
      onRecord(bytes.subarray(at + FRAME_BYTES, end))
      at = end
      continue
    }
    const from = at
    for (at++; at < bytes.length; at++) {
      const length = lengthAt(bytes, at)
      if (length === undefined) continue
      budget -= length
      if (budget < 0) at = bytes.length
      else if (frameEnd(bytes, at) !== undefined) break
    }
    at = Math.min(at, bytes.length)
    gaps.push({ from, to: at })
  }
  return gaps
}

/**
 * Whether the bytes from `from` to the end are what a write that was cut short leaves: the beginning of a record, or
 * zeros where the file grew and its contents never came.
 */
export function isUnfinished(bytes: Buffer, from: number): boolean {
  const rest = bytes.subarray(from)
  if (rest.length < FRAME_BYTES) return true
  const length = rest.readUInt32LE(0)
  if (length > rest.length - FRAME_BYTES && length <= MAX_RECORD) return true
  return rest.every((byte) => byte === 0)
}

function lengthAt(bytes: Buffer, at: number): number | undefined {
  if (at + FRAME_BYTES > bytes.length) return undefined
  const length = bytes.readUInt32LE(at)
  return at + FRAME_BYTES + length <= bytes.length ? length : undefined
}

function frameEnd(bytes: Buffer, at: number): number | undefined {
  const length = lengthAt(bytes, at)
  if (length === undefined) return undefined
  const end = at + FRAME_BYTES + length
  const sum = crc32(bytes.subarray(at, at + 4), crc32(bytes.subarray(at + FRAME_BYTES, end)))
  return sum === bytes.readUInt32LE(at + 4) ? end : undefined
}
