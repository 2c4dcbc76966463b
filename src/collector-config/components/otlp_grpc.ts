import { ALL_SIGNALS, type ComponentDefinition } from '../component.ts'
import { duration, struct } from '../schema.ts'
import { checkGrpcClient, grpcClient } from '../shared/grpc.ts'
import { retryOnFailure, sendingQueue } from '../shared/sending.ts'

export const otlpGrpcExporter: ComponentDefinition = {
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
}
