import { EXIT, LabError } from '../../errors.ts'
import type { Signal } from '../contract.ts'

// opentelemetry/proto/collector/*/v1/*_service.proto
const METHODS: Record<Signal, string> = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
}

/** As grpc.io/docs/guides/status-codes counts them. */
const CODES = [
  ...['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS'],
  ...['PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED'],
  ...['INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'],
]

export interface GrpcCall {
  url: string
  headers?: Record<string, string>
  signal: Signal
  /** The request as protobuf. */
  request: Uint8Array
  timeoutMs: number
}

/**
 * One OTLP request over gRPC, with nothing but HTTP/2. Throws LabError `not-sent` with gRPC's code and the other
 * side's words.
 */
export async function exportByGrpc({ url, headers = {}, signal, request, timeoutMs }: GrpcCall): Promise<void> {
  const { connect } = await import('node:http2')
  const client = connect(url)
  try {
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(notSent(`DEADLINE_EXCEEDED: no answer within ${timeoutMs} ms`)), timeoutMs)
      const end = (settle: () => void) => {
        clearTimeout(late)
        settle()
      }
      client.on('error', (error) => end(() => reject(notSent(`UNAVAILABLE: ${error.message}`))))
      const call = client.request({
        ':method': 'POST',
        ':path': METHODS[signal],
        'content-type': 'application/grpc',
        te: 'trailers',
        ...headers,
      })
      const answered = (fields: Record<string, unknown>) => {
        if (fields['grpc-status'] === undefined) return
        const code = Number(fields['grpc-status'])
        const message = decodeURIComponent(String(fields['grpc-message'] ?? ''))
        end(() => (code === 0 ? resolve() : reject(notSent(`${CODES[code] ?? code}: ${message}`))))
      }
      call.on('response', (fields) => {
        answered(fields)
        const status = fields[':status']
        if (status !== 200) end(() => reject(notSent(`HTTP status ${status}`)))
      })
      call.on('trailers', answered)
      call.on('error', (error) => end(() => reject(notSent(`UNAVAILABLE: ${error.message}`))))
      call.on('close', () => end(() => reject(notSent('UNAVAILABLE: the connection was closed without an answer'))))
      call.resume()
      const frame = Buffer.alloc(5 + request.length)
      frame.writeUInt32BE(request.length, 1)
      frame.set(request, 5)
      call.end(frame)
    })
  } finally {
    client.destroy()
  }
}

export function notSent(words: string): LabError {
  return new LabError('not-sent', words, { exit: EXIT.broken })
}
