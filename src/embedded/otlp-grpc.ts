import {
  Client,
  compressionAlgorithms,
  credentials,
  logVerbosity,
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type ServiceError,
  type sendUnaryData,
  setLogVerbosity,
  status,
} from '@grpc/grpc-js'
import { LabError } from '../errors.ts'
import { OtlpDecodeError, Reader } from '../otlp/protobuf/reader.ts'
import { Writer } from '../otlp/protobuf/writer.ts'
import type { Signal } from '../otlp/types.ts'

/** What the receiving side says of a request that it took. */
export interface ExportResult {
  /** How many items of the request it dropped, if any. */
  rejected?: number
  errorMessage?: string
}

/** Thrown by a handler to refuse a request; from a client, the answer of the other side. */
export class GrpcRefusal extends Error {
  /** A gRPC status code (grpc.io/docs/guides/status-codes). */
  readonly code: number
  readonly details: string
  /** RetryInfo of the answer, if it gave one. */
  readonly retryAfterMs: number | undefined
  constructor(code: number, details: string, retryAfterMs?: number) {
    super(`rpc error: code = ${CODE_NAMES[code] ?? code} desc = ${details}`)
    this.name = 'GrpcRefusal'
    this.code = code
    this.details = details
    this.retryAfterMs = retryAfterMs
  }
}

export { status as GRPC_STATUS } from '@grpc/grpc-js'

/** As Go's grpc prints them: `DeadlineExceeded`. */
const CODE_NAMES: Record<number, string> = Object.fromEntries(
  Object.entries(status)
    .filter(([, value]) => typeof value === 'number')
    .map(([name, value]) => [
      value,
      name === 'OK' ? 'OK' : name.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, c: string) => c.toUpperCase()),
    ]),
)

// opentelemetry/proto/collector/*/v1/*_service.proto
const METHODS: Record<Signal, string> = {
  traces: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
  metrics: '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export',
  logs: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
}

/** The bytes go to the handler as they are: it decodes them, and may journal them first. */
const asBytes = {
  requestSerialize: (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
  requestDeserialize: (bytes: Buffer) => bytes,
  responseSerialize: encodeResult,
  responseDeserialize: decodeResult,
}

export interface OtlpGrpcServerOptions {
  /** 0 takes a free one. */
  port: number
  /** Default 4 MiB, as gRPC's own. */
  maxMessageBytes?: number
  /** Signals to serve; others answer UNIMPLEMENTED. Default all. */
  signals?: readonly Signal[]
  /** May throw GrpcRefusal or OtlpDecodeError; anything else is our own fault and answered with INTERNAL. */
  onExport: (
    signal: Signal,
    bytes: Uint8Array,
    metadata: Record<string, string>,
    /** Address and port of the other end. */
    peer: string,
  ) => Promise<ExportResult>
}

/** An OTLP/gRPC server on 127.0.0.1. Throws LabError `port-taken`. */
export async function serveOtlpGrpc(options: OtlpGrpcServerOptions): Promise<{ port: number; close(): Promise<void> }> {
  const { port, maxMessageBytes = 4 * 1024 * 1024, signals = ['traces', 'metrics', 'logs'], onExport } = options
  // It would print bind failures, which we tell ourselves.
  setLogVerbosity(logVerbosity.NONE)
  const server = new Server({
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': -1,
  })
  for (const signal of signals) {
    const definition = { Export: { path: METHODS[signal], requestStream: false, responseStream: false, ...asBytes } }
    server.addService(definition as unknown as ServiceDefinition, {
      Export(call: ServerUnaryCall<Buffer, ExportResult>, answer: sendUnaryData<ExportResult>) {
        onExport(signal, call.request, metadataOf(call.metadata), call.getPeer()).then(
          (result) => answer(null, result),
          (error: unknown) => answer(asServiceError(error)),
        )
      },
    })
  }
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, actual) => {
      if (error) reject(bindError(error, port))
      else resolve(actual)
    })
  })
  return {
    port: bound,
    close: () =>
      new Promise<void>((resolve) => {
        const force = setTimeout(() => server.forceShutdown(), 500)
        server.tryShutdown(() => {
          clearTimeout(force)
          resolve()
        })
      }),
  }
}

function bindError(error: Error, port: number): Error {
  if (!/EADDRINUSE|in use/i.test(error.message)) return error
  return new LabError('port-taken', `listen tcp 127.0.0.1:${port}: bind: address already in use`, {
    hint: 'otel-lab doctor',
    cause: error,
  })
}

function metadataOf(metadata: Metadata): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata.getMap()).map(([key, value]) => [key, String(value)]))
}

function asServiceError(error: unknown): Partial<ServiceError> {
  if (error instanceof GrpcRefusal) return { code: error.code, details: error.details }
  // What Go's server says of bytes that are no such message.
  if (error instanceof OtlpDecodeError) {
    return { code: status.INTERNAL, details: `grpc: error unmarshalling request: ${error.message}` }
  }
  return { code: status.INTERNAL, details: error instanceof Error ? error.message : String(error) }
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
  options: { gzip?: boolean; timeoutMs?: number; headers?: Record<string, string>; tls?: boolean } = {},
): OtlpGrpcClient {
  const { gzip = true, timeoutMs = 5_000, headers = {}, tls = false } = options
  const client = new Client(`${host}:${port}`, tls ? credentials.createSsl() : credentials.createInsecure(), {
    'grpc.max_send_message_length': -1,
    // A backend that comes back must be found at once, not after gRPC's two minutes.
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 1_000,
    ...(gzip ? { 'grpc.default_compression_algorithm': compressionAlgorithms.gzip } : {}),
  })
  const metadata = new Metadata()
  for (const [key, value] of Object.entries(headers)) metadata.set(key, value)
  return {
    export: (signal, bytes) =>
      new Promise((resolve, reject) => {
        client.makeUnaryRequest(
          METHODS[signal],
          asBytes.requestSerialize,
          asBytes.responseDeserialize,
          bytes,
          metadata,
          { deadline: Date.now() + timeoutMs },
          (error, result) => {
            if (error) reject(new GrpcRefusal(error.code, error.details))
            else resolve(result ?? {})
          },
        )
      }),
    close: () => client.close(),
  }
}
