import type { TelemetryConfig } from './model.ts'
import {
  any,
  bool,
  type Check,
  duration,
  int,
  list,
  map,
  maybe,
  maybeList,
  oneOf,
  type StructSchema,
  string,
  strings,
  struct,
  text,
} from './schema.ts'

const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'dpanic', 'panic', 'fatal']
const METRIC_LEVELS = ['none', 'basic', 'normal', 'detailed']

const metricsLevel = (value: string) =>
  text((word) => {
    const lower = word.toLowerCase()
    return METRIC_LEVELS.includes(lower)
      ? { value: lower }
      : { error: `unknown metrics level ${JSON.stringify(lower)}` }
  }, value)

const logLevel = () =>
  text((word) => {
    const lower = word.toLowerCase()
    return LOG_LEVELS.includes(lower) ? { value: lower } : { error: `unrecognized level: ${JSON.stringify(word)}` }
  }, 'info')

const prometheusReader = struct('config.Prometheus', {
  host: string('localhost'),
  port: int(8888),
  without_scope_info: maybe(bool()),
  without_units: maybe(bool()),
  without_type_suffix: maybe(bool()),
  with_resource_constant_labels: any(),
})

const reader = struct('config.MetricReader', {
  pull: { kind: 'optional', start: 'off', bare: 'off', of: pull() },
  /** Pushes over OTLP; the lab's embedded collector serves its metrics page only. */
  periodic: any(),
  producers: any(),
})

function pull() {
  return struct('config.PullMetricReader', {
    exporter: struct('config.PullMetricExporter', {
      prometheus: { kind: 'optional', start: 'off', bare: 'off', of: prometheusReader },
      'prometheus/development': any(),
    }),
    producers: any(),
    cardinality_limits: any(),
  })
}

const DEFAULT_READERS = [{ pull: { exporter: { prometheus: { host: 'localhost', port: 8888 } } } }]

const check: Check = function* ({ metrics }) {
  if (metrics.level !== 'none' && metrics.readers.length === 0) {
    const hint = 'write level: none, or a reader'
    const message = 'collector telemetry metrics reader should exist when metric level is not none'
    yield { message, key: ['metrics', 'readers'], hint }
  }
  const read = (reader: { pull?: unknown; periodic?: unknown }) =>
    reader.pull !== undefined || reader.periodic !== undefined
  if (metrics.level !== 'none' && !metrics.readers.every(read)) {
    yield { message: 'failed to create meter provider: no valid metric reader', key: ['metrics', 'readers'] }
  }
  if (metrics.views !== undefined && metrics.level !== 'detailed') {
    const message =
      'service::telemetry::metrics::views can only be set when service::telemetry::metrics::level is detailed'
    yield { message, key: ['metrics', 'views'] }
  }
}

const nesting = (of: StructSchema): StructSchema => ({ ...of, nests: true })

/** service::telemetry, as the collector's otelconftelemetry has it. */
export const telemetrySchema = struct(
  'otelconftelemetry.Config',
  {
    logs: nesting(
      struct('migration.LogsConfigV030', {
        level: logLevel(),
        development: bool(),
        encoding: oneOf(
          ['console', 'json'],
          'console',
          (word) => `no encoder registered for name ${JSON.stringify(word)}`,
        ),
        disable_caller: bool(),
        disable_stacktrace: bool(),
        sampling: struct('migration.LogsSamplingConfig', {
          enabled: bool(true),
          tick: duration(10_000),
          initial: int(10),
          thereafter: int(100),
        }),
        output_paths: strings(['stderr']),
        error_output_paths: strings(['stderr']),
        initial_fields: map(any()),
        processors: any(),
        disable_zap_resource: bool(),
      }),
    ),
    metrics: nesting(
      struct('migration.MetricsConfigV030', {
        level: metricsLevel('normal'),
        readers: list(reader, DEFAULT_READERS),
        views: maybeList(any()),
      }),
    ),
    traces: nesting(
      struct('migration.TracesConfigV030', {
        level: metricsLevel('basic'),
        propagators: strings(),
        processors: any(),
        sampler: any(),
        limits: any(),
      }),
    ),
    resource: { ...struct('migration.ResourceConfigV030', {}), open: true },
  },
  check,
)

// biome-ignore lint/suspicious/noExplicitAny: shaped as the schema above
export function telemetryOf(settings: any): TelemetryConfig {
  const { logs, metrics, resource } = settings
  const pages = metrics.readers.map(
    (r: { pull?: { exporter: { prometheus?: { host: string; port: number } } } }) => r.pull?.exporter.prometheus,
  )
  return {
    logs: {
      level: ['debug', 'info', 'warn'].includes(logs.level) ? logs.level : 'error',
      encoding: logs.encoding,
      sampling: logs.sampling,
      disable_stacktrace: logs.disable_stacktrace,
      disable_caller: logs.disable_caller,
      initial_fields: logs.initial_fields,
    },
    metrics: {
      level: metrics.level,
      // Without metrics there is no page of them.
      readers: (metrics.level === 'none' ? [] : pages)
        .filter((page: unknown) => page !== undefined)
        .map(({ host, port }: { host: string; port: number }) => ({ host, port })),
    },
    resource: Object.fromEntries(
      Object.entries(resource).map(([key, value]) => [key, value === null ? undefined : String(value)]),
    ),
  }
}
