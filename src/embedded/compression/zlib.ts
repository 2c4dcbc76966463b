import { promisify } from 'node:util'
import { constants, deflate, gunzip, gunzipSync, gzip, inflate, inflateSync } from 'node:zlib'
import { InflateError, tooLarge } from './inflate-error.ts'

type Format = 'gzip' | 'zlib'

const INFLATE = { gzip: promisify(gunzip), zlib: promisify(inflate) }
const INFLATE_SYNC = { gzip: gunzipSync, zlib: inflateSync }
const DEFLATE = { gzip: promisify(gzip), zlib: promisify(deflate) }

/** Up to so many bytes a turn of the thread pool costs more than it saves. */
const SMALL_BYTES = 16 * 1024
const SMALL_INFLATED = 512 * 1024

export async function inflateZlib(format: Format, raw: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  try {
    const small = raw.length <= SMALL_BYTES && maxBytes <= SMALL_INFLATED
    const options = { maxOutputLength: maxBytes, chunkSize: Math.min(Math.max(raw.length * 4, 16_384), 1 << 20) }
    // Copied out of zlib's pool: what is journalled or kept must not pin a larger buffer.
    return new Uint8Array(small ? INFLATE_SYNC[format](raw, options) : await INFLATE[format](raw, options))
  } catch (error) {
    throw asInflateError(format, error as NodeJS.ErrnoException, maxBytes)
  }
}

export async function deflateZlib(format: Format, bytes: Uint8Array, level: number): Promise<Uint8Array> {
  // Telemetry repeats itself so much that the quickest level makes it a twelfth, where the usual one, a thirteenth,
  // takes three times as long. Go's HuffmanOnly is a strategy here.
  const usual = { level: constants.Z_BEST_SPEED }
  const options = level === 0 ? usual : level === -2 ? { strategy: constants.Z_HUFFMAN_ONLY } : { level }
  return DEFLATE[format](bytes, options)
}

function asInflateError(format: Format, error: NodeJS.ErrnoException, maxBytes: number): Error {
  if (error.code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(maxBytes)
  if (error.code === 'Z_BUF_ERROR') return new InflateError('unexpected EOF')
  if (/incorrect header check|unknown compression method|header crc|invalid window size/.test(error.message)) {
    return new InflateError(`${format}: invalid header`)
  }
  if (/incorrect (data|length) check/.test(error.message)) return new InflateError(`${format}: invalid checksum`)
  if (error.code === 'Z_NEED_DICT') return new InflateError('zlib: invalid dictionary')
  return new InflateError(`flate: corrupt input: ${error.message}`)
}
