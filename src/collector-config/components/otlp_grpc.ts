import { ALL_SIGNALS, component } from '../component.ts'
import { type Complaint, duration, struct } from '../schema.ts'
import { absentExtensions, firstOf, queueProblems } from '../shared/absent.ts'
import { checkGrpcClient, grpcClient } from '../shared/grpc.ts'
import { retryOnFailure, sendingQueue } from '../shared/sending.ts'
import { tlsProblems } from '../shared/tls-start.ts'

/** configgrpc knows four of confighttp's. */
const COMPRESSIONS = ['gzip', 'snappy', 'zstd', 'none', '']

function* compressionProblem(compression: string): Generator<Complaint> {
  if (COMPRESSIONS.includes(compression)) return
  const message = `unsupported compression type ${JSON.stringify(compression)}`
  yield { message, key: ['compression'], hint: 'over gRPC it is gzip, snappy, zstd or none' }
}

/** otlpexporter.Config, which others make use of. */
export const otlpClient = (endpoint = '') =>
  struct(
    'otlpexporter.Config',
    {
      timeout: duration(5_000),
      sending_queue: sendingQueue('on'),
      retry_on_failure: retryOnFailure(),
      ...grpcClient(endpoint),
    },
    function* (e) {
      if (e.timeout < 0) yield { message: "'timeout' must be non-negative", key: ['timeout'], section: 'timeoutconfig' }
      yield* checkGrpcClient(e)
    },
  )

export const otlpGrpcExporter = component({
  kind: 'exporter',
  type: 'otlp_grpc',
  alias: { type: 'otlp', since: '0.144.0' },
  signals: ALL_SIGNALS,
  schema: otlpClient(),
  start: (e, files, running) =>
    firstOf(
      queueProblems(e.sending_queue, running),
      compressionProblem(e.compression),
      tlsProblems(e.tls, files, ['tls']),
      absentExtensions(e, running, 'gRPC client'),
      insecureCredentials(e),
    ),
})

/** A token may not travel in the clear. */
function* insecureCredentials({
  auth,
  tls,
  endpoint,
}: {
  auth?: unknown
  tls: { insecure: boolean }
  endpoint: string
}) {
  if (auth === undefined || endpoint.startsWith('https://')) return
  if (!tls.insecure && !endpoint.startsWith('http://')) return
  const why = 'the credentials require transport level security (use grpc.WithTransportCredentials() to set)'
  yield { message: `grpc: ${why}`, key: ['auth'], hint: 'send by otlp_http, or give both sides a certificate (tls)' }
}
