import type { Encoding, Inflate } from '../compression.ts'
import { InflateError } from '../compression.ts'
import { GRPC_STATUS, GrpcRefusal } from './status.ts'

/** A byte that says whether it is compressed, and the length. */
export const PREFIX_BYTES = 5

/** The encodings that configgrpc registers with Go's grpc, and what each is elsewhere: its snappy is framed. */
export const GRPC_ENCODINGS = new Map<string, Encoding>([
  ['gzip', 'gzip'],
  ['snappy', 'x-snappy-framed'],
  ['zstd', 'zstd'],
])

export function prefixed(payload: Uint8Array, compressed: boolean): Buffer {
  const message = Buffer.allocUnsafe(PREFIX_BYTES + payload.length)
  message.writeUInt8(compressed ? 1 : 0, 0)
  message.writeUInt32BE(payload.length, 1)
  message.set(payload, PREFIX_BYTES)
  return message
}

const refuse = (code: number, words: string) => new GrpcRefusal(code, `grpc: ${words}`)

/** Takes in the one message of a unary call, in Go's words where it cannot. */
export class MessageReader {
  private readonly parts: Uint8Array[] = []
  private size = 0
  private length: number | undefined
  private readonly maxBytes: number
  constructor(maxBytes: number) {
    this.maxBytes = maxBytes
  }

  add(part: Uint8Array): void {
    this.parts.push(part)
    this.size += part.length
    if (this.length !== undefined || this.size < PREFIX_BYTES) return
    this.length = this.whole().readUInt32BE(1)
    if (this.length > this.maxBytes) {
      throw refuse(
        GRPC_STATUS.RESOURCE_EXHAUSTED,
        `received message larger than max (${this.length} vs. ${this.maxBytes})`,
      )
    }
  }

  /** @param encoding grpc-encoding */
  async message(encoding: string | undefined, inflate: Inflate): Promise<Uint8Array> {
    const bytes = this.whole()
    const end = PREFIX_BYTES + (this.length ?? 0)
    if (this.length === undefined || bytes.length < end) throw refuse(GRPC_STATUS.INTERNAL, 'unexpected EOF')
    const payload = bytes.subarray(PREFIX_BYTES, end)
    // Copied where it shares its memory with others: what is journalled or kept must not pin a larger buffer.
    if (bytes[0] === 0) return payload.buffer.byteLength > payload.length * 2 ? new Uint8Array(payload) : payload
    if (encoding === undefined || encoding === 'identity') {
      throw refuse(GRPC_STATUS.INTERNAL, 'compressed flag set with identity or empty encoding')
    }
    try {
      return await inflate(GRPC_ENCODINGS.get(encoding)!, payload, this.maxBytes)
    } catch (error) {
      if (!(error instanceof InflateError)) throw error
      throw error.tooLarge
        ? refuse(
            GRPC_STATUS.RESOURCE_EXHAUSTED,
            `received message after decompression larger than max ${this.maxBytes}`,
          )
        : refuse(GRPC_STATUS.INTERNAL, `failed to decompress the received message: ${error.message}`)
    }
  }

  private whole(): Buffer {
    if (this.parts.length !== 1) this.parts.splice(0, this.parts.length, Buffer.concat(this.parts, this.size))
    return this.parts[0] as Buffer
  }
}
