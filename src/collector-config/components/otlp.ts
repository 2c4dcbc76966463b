import { ALL_SIGNALS, type ComponentDefinition } from '../component.ts'
import { off, string, struct } from '../schema.ts'
import { listenProblems } from '../shared/endpoint.ts'
import { grpcServer } from '../shared/grpc.ts'
import { httpServer } from '../shared/http.ts'

const http = struct(
  'otlpreceiver.HTTPConfig',
  {
    ...httpServer({ endpoint: 'localhost:4318', writeTimeout: 0, readHeaderTimeout: 0, idleTimeout: 0 }),
    traces_url_path: string('/v1/traces'),
    metrics_url_path: string('/v1/metrics'),
    logs_url_path: string('/v1/logs'),
  },
  function* (server) {
    if (server.transport !== 'unix') yield* listenProblems(server.endpoint, '0.0.0.0:4318')
  },
)

/** The OTLP receiver. Each protocol is off until it is written; a bare `grpc:` turns it on. */
export const otlpReceiver: ComponentDefinition = {
  kind: 'receiver',
  type: 'otlp',
  signals: ALL_SIGNALS,
  schema: struct(
    'otlpreceiver.Config',
    { protocols: struct('otlpreceiver.Protocols', { grpc: off(grpcServer('localhost:4317')), http: off(http) }) },
    function* ({ protocols }) {
      if (protocols.grpc === undefined && protocols.http === undefined) {
        yield {
          message: 'must specify at least one protocol when using the OTLP receiver',
          hint: 'write protocols: {grpc: {endpoint: 0.0.0.0:4317}, http: {endpoint: 0.0.0.0:4318}}',
        }
      }
    },
  ),
}
