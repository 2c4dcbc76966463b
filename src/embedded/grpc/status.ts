import { Writer } from '../../otlp/protobuf/writer.ts'

/** gRPC's status codes (grpc.io/docs/guides/status-codes). */
export const GRPC_STATUS = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const

/** As Go's grpc prints them: `DeadlineExceeded`. */
const NAMES = new Map<number, string>(
  Object.entries(GRPC_STATUS).map(([name, code]) => [
    code,
    name === 'OK'
      ? 'OK'
      : name === 'CANCELLED'
        ? 'Canceled'
        : name.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, c: string) => c.toUpperCase()),
  ]),
)

/** Thrown by a handler to refuse a request; from a client, the answer of the other side. */
export class GrpcRefusal extends Error {
  readonly code: number
  readonly details: string
  /** RetryInfo of the answer, if it gave one. */
  readonly retryAfterMs: number | undefined
  constructor(code: number, details: string, retryAfterMs?: number) {
    super(`rpc error: code = ${NAMES.get(code) ?? `Code(${code})`} desc = ${details}`)
    this.name = 'GrpcRefusal'
    this.code = code
    this.details = details
    this.retryAfterMs = retryAfterMs
  }
}

/** grpc-message is percent-encoded UTF-8 (gRPC over HTTP2, Responses). */
export function encodeMessage(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) =>
      byte < 0x20 || byte > 0x7e || byte === 0x25
        ? `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
        : String.fromCharCode(byte),
    )
    .join('')
}

export function decodeMessage(text: string): string {
  const bytes = text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

/** google.rpc.Status: code 1, message 2. */
export function encodeStatus(code: number, message: string): Uint8Array<ArrayBuffer> {
  const writer = new Writer()
  writer.uint32(1, code)
  writer.string(2, message)
  return writer.finish() as Uint8Array<ArrayBuffer>
}
