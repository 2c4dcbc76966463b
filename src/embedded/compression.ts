import { createBudget } from './compression/budget.ts'
import { InflateError } from './compression/inflate-error.ts'
import { deflateLz4, inflateLz4 } from './compression/lz4.ts'
import { inflateSnappy } from './compression/snappy-block.ts'
import { deflateFramed, inflateFramed, isFramed } from './compression/snappy-framed.ts'
import { deflateZlib, inflateZlib } from './compression/zlib.ts'
import { deflateZstd, inflateZstd } from './compression/zstd.ts'
import { snappy } from './snappy.ts'

export { InflateError } from './compression/inflate-error.ts'

/** The names of `Content-Encoding` and of `compression` in the collector's configs. */
export type Encoding = 'gzip' | 'zlib' | 'deflate' | 'snappy' | 'x-snappy-framed' | 'zstd' | 'lz4'

/** confighttp's default for compression_algorithms; '' is a body as it is. */
export const HTTP_ENCODINGS: readonly (Encoding | '')[] = [
  '',
  'gzip',
  'zstd',
  'zlib',
  'snappy',
  'deflate',
  'lz4',
  'x-snappy-framed',
]

interface Codec {
  inflate(raw: Uint8Array, maxBytes: number): Promise<Uint8Array> | Uint8Array
  /** @param level 0 for the usual */
  deflate(bytes: Uint8Array, level: number): Promise<Uint8Array> | Uint8Array
}

const zlib: Codec = {
  inflate: (raw, max) => inflateZlib('zlib', raw, max),
  deflate: (bytes, level) => deflateZlib('zlib', bytes, level),
}

const CODECS: Record<Encoding, Codec> = {
  gzip: {
    inflate: (raw, max) => inflateZlib('gzip', raw, max),
    deflate: (bytes, level) => deflateZlib('gzip', bytes, level),
  },
  zlib,
  // What HTTP calls deflate has zlib's head.
  deflate: zlib,
  // Senders of old write frames under this name too.
  snappy: { inflate: (raw, max) => (isFramed(raw) ? inflateFramed : inflateSnappy)(raw, max), deflate: snappy },
  'x-snappy-framed': { inflate: inflateFramed, deflate: deflateFramed },
  zstd: { inflate: inflateZstd, deflate: deflateZstd },
  lz4: { inflate: inflateLz4, deflate: deflateLz4 },
}

/** Undoes an encoding. Throws InflateError; `tooLarge` past `maxBytes`. */
export type Inflate = (encoding: Encoding, raw: Uint8Array, maxBytes: number) => Promise<Uint8Array>

/** What is mostly sent shrinks to less than this part of itself; what shrinks further waits for its turn. */
const USUAL_RATIO = 16
const SMALLEST = 256 * 1024

/**
 * Inflates for a whole process: all that is being inflated has `budgetBytes` together, so that a crowd of small
 * bodies that blow up queues instead of filling the memory. A body is first given what is usual for its size; only
 * one that needs more waits for all that it is allowed.
 */
export function createInflate(budgetBytes: number): Inflate {
  const budget = createBudget(budgetBytes)
  const within = async (encoding: Encoding, raw: Uint8Array, maxBytes: number) => {
    const release = await budget.take(maxBytes)
    try {
      return await CODECS[encoding].inflate(raw, maxBytes)
    } finally {
      release()
    }
  }
  return async (encoding, raw, maxBytes) => {
    const usual = Math.max(SMALLEST, raw.length * USUAL_RATIO)
    if (usual >= maxBytes) return within(encoding, raw, maxBytes)
    try {
      return await within(encoding, raw, usual)
    } catch (error) {
      if (!(error instanceof InflateError && error.tooLarge)) throw error
      return within(encoding, raw, maxBytes)
    }
  }
}

/** @param level as in `compression_params`; 0 for the usual */
export async function compress(encoding: Encoding, bytes: Uint8Array, level = 0): Promise<Uint8Array> {
  return CODECS[encoding].deflate(bytes, level)
}
