import type { TelemetryConfig } from './model.ts'
import {
  any,
  bool,
  type Complaint,
  duration,
  int,
  list,
  map,
  maybe,
  maybeList,
  oneOf,
  pointer,
  type SettingsIn,
  type SettingsOf,
  type StructSchema,
  string,
  strings,
  struct,
  text,
} from './schema.ts'

/** zap's, of which those above error print what error prints. */
const LOG_LEVELS: Record<string, TelemetryConfig['logs']['level']> = {
  ...{ debug: 'debug', info: 'info', warn: 'warn', error: 'error' },
  ...{ dpanic: 'error', panic: 'error', fatal: 'error' },
}
type MetricLevel = TelemetryConfig['metrics']['level']
const METRIC_LEVELS: readonly string[] = ['none', 'basic', 'normal', 'detailed'] satisfies MetricLevel[]

const metricsLevel = (value: MetricLevel) =>
  text((word) => {
    const lower = word.toLowerCase()
    return METRIC_LEVELS.includes(lower)
      ? { value: lower }
      : { error: `unknown metrics level ${JSON.stringify(lower)}` }
  }, value)

const logLevel = () =>
  text<TelemetryConfig['logs']['level']>((word) => {
    const lower = word.toLowerCase()
    return Object.hasOwn(LOG_LEVELS, lower)
      ? { value: LOG_LEVELS[lower] }
      : { error: `unrecognized level: ${JSON.stringify(word)}` }
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
  pull: pointer(pull()),
  /** Pushes over OTLP; the lab's embedded collector serves its metrics page only. */
  periodic: any(),
  producers: any(),
})

function pull() {
  return struct('config.PullMetricReader', {
    exporter: struct('config.PullMetricExporter', {
      prometheus: pointer(prometheusReader),
      'prometheus/development': any(),
    }),
    producers: any(),
    cardinality_limits: any(),
  })
}

// What is not said is as it is where nothing is written.
const DEFAULT_READERS = [{ pull: { exporter: { prometheus: { host: 'localhost', port: 8888 } } } }] as SettingsOf<
  typeof reader
>[]

const nesting = <T>(of: StructSchema<T>): StructSchema<T> => ({ ...of, nests: true })

const fields = {
  logs: nesting(
    struct('migration.LogsConfigV030', {
      level: logLevel(),
      development: bool(),
      encoding: oneOf<'console' | 'json'>(
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
}

type Settings = SettingsIn<typeof fields>

function* check({ metrics }: Settings): Generator<Complaint> {
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

/** service::telemetry, as the collector's otelconftelemetry has it. */
export const telemetrySchema = struct('otelconftelemetry.Config', fields, check)

export function telemetryOf(settings: Settings): TelemetryConfig {
  const { logs, metrics, resource } = settings
  const pages = metrics.readers.map(({ pull: page }) => page?.exporter.prometheus)
  return {
    logs: {
      level: logs.level,
      encoding: logs.encoding,
      sampling: logs.sampling,
      disable_stacktrace: logs.disable_stacktrace,
      disable_caller: logs.disable_caller,
      output_paths: logs.output_paths,
      initial_fields: logs.initial_fields,
    },
    metrics: {
      level: metrics.level,
      // Without metrics there is no page of them.
      readers: (metrics.level === 'none' ? [] : pages)
        .filter((page) => page !== undefined)
        .map(({ host, port }) => ({ host, port })),
    },
    resource: Object.fromEntries(
      Object.entries(resource).map(([key, value]) => [key, value === null ? undefined : String(value)]),
    ),
  }
}
