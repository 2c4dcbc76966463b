import { component } from '../component.ts'
import { any, bool, int, pointer, string, struct } from '../schema.ts'
import { listenProblems } from '../shared/endpoint.ts'
import { httpServer } from '../shared/http.ts'
import { tlsProblems } from '../shared/tls-start.ts'

export const healthCheckExtension = component({
  kind: 'extension',
  type: 'health_check',
  signals: [],
  schema: {
    nests: true,
    ...struct(
      'healthcheck.Config',
      {
        ...httpServer({
          endpoint: 'localhost:13133',
          writeTimeout: 0,
          readHeaderTimeout: 0,
          idleTimeout: 0,
          keepAlives: false,
        }),
        path: string('/'),
        response_body: pointer(struct('httpserver.ResponseBodyConfig', { healthy: string(), unhealthy: string() })),
        /** Accepted and without effect, as in the real one. */
        check_collector_pipeline: struct('httpserver.CheckCollectorPipelineConfig', {
          enabled: bool(),
          interval: string('5m'),
          exporter_failure_threshold: int(5),
        }),
        use_v2: bool(),
        http: any(),
        grpc: any(),
        component_health: any(),
      },
      function* (h) {
        if (h.http !== undefined || h.grpc !== undefined) {
          const message =
            'v2 healthcheck configuration (http/grpc fields) detected but feature gate is disabled. Either remove the v2 config fields or enable the feature gate with: --feature-gates=+extension.healthcheck.useComponentStatus'
          yield { message, key: [h.http === undefined ? 'grpc' : 'http'] }
        } else if (h.endpoint === '') yield { message: 'http endpoint required', key: ['endpoint'], section: 'config' }
        else if (!h.path.startsWith('/')) yield { message: 'path must start with /', key: ['path'], section: 'config' }
        else yield* listenProblems(h.endpoint, '0.0.0.0:13133')
      },
    ),
  },
  start: function* (h, files) {
    for (const { message, ...rest } of tlsProblems(h.tls, files, ['tls'])) {
      yield { message: `failed to bind to address ${h.endpoint}: ${message}`, ...rest }
    }
  },
})
