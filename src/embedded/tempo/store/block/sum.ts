import { crc32 } from 'node:zlib'

/**
 * Parquet has no checksum of a whole file. Between its pages and its footer there may be anything, as readers find both
 * by their offsets: there stand this mark and the CRC-32 of all that is around them.
 */
const MARK = Buffer.from('OTLABSUM')
const SUM_BYTES = MARK.length + 4
/** At the end of a Parquet file: the footer's length, and PAR1. */
const TAIL_BYTES = 8

export function withSum(parquet: Buffer): Buffer {
  const footer = footerOf(parquet)
  if (footer === undefined) throw new Error('not a Parquet file')
  const sum = Buffer.alloc(SUM_BYTES)
  MARK.copy(sum)
  sum.writeUInt32LE(crc32(parquet), MARK.length)
  return Buffer.concat([parquet.subarray(0, footer), sum, parquet.subarray(footer)])
}

/** Whether every byte is as it was written. Blocks of the first versions have no sum; nothing speaks against them. */
export function isWhole(bytes: Buffer): boolean {
  const footer = footerOf(bytes)
  if (footer === undefined) return false
  const begin = footer - SUM_BYTES
  if (begin < 0 || !bytes.subarray(begin, begin + MARK.length).equals(MARK)) return true
  const sum = crc32(bytes.subarray(footer), crc32(bytes.subarray(0, begin)))
  return sum === bytes.readUInt32LE(begin + MARK.length)
}

function footerOf(bytes: Buffer): number | undefined {
  if (bytes.length < TAIL_BYTES || bytes.toString('latin1', bytes.length - 4) !== 'PAR1') return undefined
  const footer = bytes.length - TAIL_BYTES - bytes.readUInt32LE(bytes.length - TAIL_BYTES)
  return footer < 0 ? undefined : footer
}
