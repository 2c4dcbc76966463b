import { component } from '../component.ts'
import { bool, duration, map, string, strings, struct } from '../schema.ts'
import { listenProblems } from '../shared/endpoint.ts'
import { httpServer } from '../shared/http.ts'
import { sendingQueue } from '../shared/sending.ts'
import { tlsProblems } from '../shared/tls-start.ts'

const STRATEGIES = [
  'UnderscoreEscapingWithSuffixes',
  'UnderscoreEscapingWithoutSuffixes',
  'NoUTF8EscapingWithSuffixes',
  'NoTranslation',
]

/** Serves a page for Prometheus to scrape. `translation_strategy` '' leaves it to `add_metric_suffixes`. */
export const prometheusExporter = component({
  kind: 'exporter',
  type: 'prometheus',
  signals: ['metrics'],
  schema: struct(
    'prometheusexporter.Config',
    {
      ...httpServer(),
      sending_queue: sendingQueue('off'),
      namespace: string(),
      const_labels: map(string()),
      send_timestamps: bool(),
      metric_expiration: duration(300_000),
      resource_to_telemetry_conversion: struct('resourcetotelemetry.Settings', {
        enabled: bool(),
        exclude_service_attributes: bool(),
      }),
      resource_constant_labels: struct('prometheusexporter.ResourceConstantLabels', {
        included: strings(),
        excluded: strings(),
      }),
      enable_open_metrics: bool(),
      without_scope_info: bool(),
      add_metric_suffixes: bool(true),
      translation_strategy: string(),
    },
    function* (p) {
      if (p.translation_strategy !== '' && !STRATEGIES.includes(p.translation_strategy)) {
        const message = `invalid translation_strategy: ${p.translation_strategy}`
        yield { message, key: ['translation_strategy'], hint: `one of ${STRATEGIES.join(', ')}` }
      }
      if (p.endpoint === '') {
        const hint = 'write where to serve the metrics, such as endpoint: 0.0.0.0:8889'
        yield { message: 'expecting a non-blank address to run the Prometheus metrics handler', hint }
      } else yield* listenProblems(p.endpoint, '0.0.0.0:8889')
    },
  ),
  start: (p, files) => tlsProblems(p.tls, files, ['tls']),
})
