import { ALL_SIGNALS, component } from '../component.ts'
import { type Complaint, duration, struct } from '../schema.ts'
import { absentExtensions, firstOf } from '../shared/absent.ts'
import { checkGrpcClient, grpcClient } from '../shared/grpc.ts'
import { queueProblems, retryOnFailure, sendingQueue } from '../shared/sending.ts'
import { tlsProblems } from '../shared/tls-start.ts'

/** configgrpc knows four of confighttp's. */
const COMPRESSIONS = ['gzip', 'snappy', 'zstd', 'none', '']

function* compressionProblem(compression: string): Generator<Complaint> {
  if (COMPRESSIONS.includes(compression)) return
  const message = `unsupported compression type ${JSON.stringify(compression)}`
  yield { message, key: ['compression'], hint: 'over gRPC it is gzip, snappy, zstd or none' }
}

export const otlpGrpcExporter = component({
  kind: 'exporter',
  type: 'otlp_grpc',
  alias: { type: 'otlp', since: '0.144.0' },
  signals: ALL_SIGNALS,
  schema: struct(
    'otlpexporter.Config',
    {
      timeout: duration(5_000),
      sending_queue: sendingQueue('on'),
      retry_on_failure: retryOnFailure(),
      ...grpcClient(),
    },
    function* (e) {
      if (e.timeout < 0) yield { message: "'timeout' must be non-negative", key: ['timeout'], section: 'timeoutconfig' }
      yield* checkGrpcClient(e)
    },
  ),
  start: (e, files) =>
    firstOf(
      queueProblems(e.sending_queue),
      compressionProblem(e.compression),
      tlsProblems(e.tls, files, ['tls']),
      absentExtensions(e),
    ),
})
