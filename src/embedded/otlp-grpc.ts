import type { ConnectionOptions, TlsOptions } from 'node:tls'
import { LabError } from '../errors.ts'
import { OtlpDecodeError, Reader } from '../otlp/protobuf/reader.ts'
import { Writer } from '../otlp/protobuf/writer.ts'
import type { Signal } from '../otlp/types.ts'
import type { Inflate } from './compression.ts'
import { createGrpcClient } from './grpc/client.ts'
import { type GrpcMethod, type Peer, serveGrpc } from './grpc/server.ts'
import { GRPC_STATUS, GrpcRefusal } from './grpc/status.ts'

export { GRPC_STATUS, GrpcRefusal } from './grpc/status.ts'

/** What the receiving side says of a request that it took. */
export interface ExportResult {
  /** How many items of the request it dropped, if any. */
  rejected?: number
  errorMessage?: string
}

// opentelemetry/proto/collector/*/v1/*_service.proto
const METHODS: Record<Signal, string> = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
}

export interface OtlpGrpcServerOptions {
  /** 0 takes a free one. */
  port: number
  /** Default 4 MiB, as gRPC's own. */
  maxMessageBytes?: number
  inflate: Inflate
  tls?: TlsOptions
  /** Signals to serve; others answer UNIMPLEMENTED. Default all. */
  signals?: readonly Signal[]
  /** May throw GrpcRefusal or OtlpDecodeError; anything else is our own fault and answered with INTERNAL. */
  onExport: (signal: Signal, bytes: Uint8Array, metadata: Record<string, string>, peer: Peer) => Promise<ExportResult>
}

/** An OTLP/gRPC server on 127.0.0.1. The bytes go to the handler as they are. Throws LabError `port-taken`. */
export async function serveOtlpGrpc(options: OtlpGrpcServerOptions): Promise<{ port: number; close(): Promise<void> }> {
  const { port, maxMessageBytes = 4 * 1024 * 1024, signals = ['traces', 'metrics', 'logs'], onExport } = options
  const methods = new Map<string, GrpcMethod>(
    signals.map((signal) => [
      METHODS[signal],
      async ({ message, metadata, peer }) => encodeResult(await onExport(signal, message, metadata, peer)),
    ]),
  )
  try {
    const { inflate, tls } = options
    return await serveGrpc({ port, maxMessageBytes, methods, inflate, asRefusal, ...(tls ? { tls } : {}) })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new LabError('port-taken', `listen tcp 127.0.0.1:${port}: bind: address already in use`, {
      facts: { port },
      hint: 'otel-lab doctor',
      cause: error,
    })
  }
}

function asRefusal(error: unknown): GrpcRefusal {
  const message = error instanceof Error ? error.message : String(error)
  // What Go's server says of bytes that are no such message.
  const what = error instanceof OtlpDecodeError ? `grpc: error unmarshalling request: ${message}` : message
  return new GrpcRefusal(GRPC_STATUS.INTERNAL, what)
}

/** Export…ServiceResponse: partial_success 1 {rejected 1, error_message 2}. */
export function encodeResult(result: ExportResult): Buffer {
  const writer = new Writer()
  if (result.rejected || result.errorMessage) {
    writer.message(1, () => {
      writer.uint64(1, BigInt(result.rejected ?? 0))
      writer.string(2, result.errorMessage ?? '')
    })
  }
  return Buffer.from(writer.finish())
}

export function decodeResult(bytes: Uint8Array): ExportResult {
  const result: ExportResult = {}
  const reader = new Reader(bytes)
  while (reader.more) {
    const tag = reader.tag()
    if (tag !== 0x0a) {
      reader.skip(tag)
      continue
    }
    reader.message((inner) => {
      if (inner === 0x08) result.rejected = Number(reader.int64())
      else if (inner === 0x12) result.errorMessage = reader.string()
      else reader.skip(inner)
    })
  }
  return result
}

export interface OtlpGrpcClient {
  /** Throws GrpcRefusal. */
  export(signal: Signal, bytes: Uint8Array): Promise<ExportResult>
  close(): void
}

export function createOtlpGrpcClient(
  host: string,
  port: number,
  options: {
    inflate: Inflate
    /** gzip (the default), snappy, zstd or none. */
    compression?: string
    timeoutMs?: number
    headers?: Record<string, string>
    tls?: ConnectionOptions
  },
): OtlpGrpcClient {
  const { compression = 'gzip', timeoutMs = 5_000, headers = {}, inflate, tls } = options
  const client = createGrpcClient({
    host,
    port,
    timeoutMs,
    headers,
    inflate,
    ...(compression === 'none' || compression === '' ? {} : { compression }),
    ...(tls ? { tls } : {}),
  })
  return {
    export: async (signal, bytes) => decodeResult(await client.call(METHODS[signal], bytes)),
    close: () => client.close(),
  }
}
