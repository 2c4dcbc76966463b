import { formatDuration } from '../../util/duration.ts'
import { component } from '../component.ts'
import {
  bool,
  type Complaint,
  duration,
  int,
  list,
  maybe,
  off,
  oneOf,
  type SettingsIn,
  string,
  strings,
  struct,
} from '../schema.ts'

const dimension = () =>
  struct('spanmetricsconnector.Dimension', { name: string(), default: maybe(string()), glob: string() })

interface Dimension {
  name: string
  default?: string | undefined
  glob: string
}

const BUILT_IN = ['service.name', 'span.kind', 'status.code', 'span.name']

function* dimensionFaults(dimensions: Dimension[], key: string[], what: string): Generator<Complaint> {
  const names = new Set(BUILT_IN)
  for (const [i, d] of dimensions.entries()) {
    const say = (message: string) => ({ message: `failed validating ${what}: ${message}`, key: [...key, String(i)] })
    if (d.name !== '' && d.glob !== '') {
      const both = `name=${JSON.stringify(d.name)} glob=${JSON.stringify(d.glob)}`
      yield say(`dimension entry must set only one of \`name\` or \`glob\`, got both: ${both}`)
    } else if (d.name === '' && d.glob === '') yield say('dimension entry must set one of `name` or `glob`')
    else if (d.glob !== '' && d.default !== undefined) {
      yield say(`\`default\` is not supported on \`glob\` dimension ${JSON.stringify(d.glob)}`)
    } else if (d.name !== '' && names.has(d.name)) yield say(`duplicate dimension name ${JSON.stringify(d.name)}`)
    names.add(d.name)
  }
}

const fields = {
  dimensions: list(dimension()),
  calls_dimensions: list(dimension()),
  exclude_dimensions: strings(),
  dimensions_cache_size: int(),
  resource_metrics_cache_size: int(1000),
  resource_metrics_key_attributes: strings(),
  aggregation_temporality: string('AGGREGATION_TEMPORALITY_CUMULATIVE'),
  histogram: struct('spanmetricsconnector.HistogramConfig', {
    disable: bool(),
    unit: oneOf(['ms', 's'], 'ms', (text) => `unknown Unit ${JSON.stringify(text)}, allowed units are "ms" and "s"`),
    exponential: off(struct('spanmetricsconnector.ExponentialHistogramConfig', { max_size: int(0, 'int32') })),
    explicit: off(
      struct('spanmetricsconnector.ExplicitHistogramConfig', { buckets: list({ kind: 'duration', default: 0 }) }),
    ),
    dimensions: list(dimension()),
  }),
  metrics_flush_interval: duration(60_000),
  metrics_expiration: duration(),
  series_expiration: duration(),
  metric_timestamp_cache_size: maybe(int()),
  namespace: string('traces.span.metrics'),
  exemplars: struct('spanmetricsconnector.ExemplarsConfig', { enabled: bool(), max_per_data_point: int(5) }),
  events: struct('spanmetricsconnector.EventsConfig', { enabled: bool(), dimensions: list(dimension()) }),
  include_instrumentation_scope: strings(),
  aggregation_cardinality_limit: int(),
  add_resource_attributes: bool(),
  enable_metrics_sampling_method: bool(),
}

function* faults(c: SettingsIn<typeof fields>): Generator<Complaint> {
  yield* dimensionFaults(c.dimensions, ['dimensions'], 'dimensions')
  yield* dimensionFaults(c.calls_dimensions, ['calls_dimensions'], 'calls dimensions')
  yield* dimensionFaults(c.histogram.dimensions, ['histogram', 'dimensions'], 'histogram dimensions')
  if (c.events.enabled && c.events.dimensions.length === 0) {
    const message = 'failed validating event dimensions: no dimensions configured for events'
    yield { message, key: ['events'] }
  }
  if (c.events.enabled) yield* dimensionFaults(c.events.dimensions, ['events', 'dimensions'], 'event dimensions')
  if (c.histogram.explicit !== undefined && c.histogram.exponential !== undefined) {
    yield { message: 'use either `explicit` or `exponential` buckets histogram', key: ['histogram'] }
  }
  if (c.resource_metrics_cache_size <= 0) {
    yield { message: 'must provide a positive size', key: ['resource_metrics_cache_size'] }
  }
  if (c.metrics_flush_interval === 0) {
    yield { message: 'non-positive interval for NewTicker', key: ['metrics_flush_interval'] }
  }
  for (const key of ['metrics_flush_interval', 'metrics_expiration', 'series_expiration'] as const) {
    if (c[key] < 0)
      yield { message: `invalid ${key}: ${formatDuration(c[key])}, the duration should be positive`, key: [key] }
  }
  const cache = c.metric_timestamp_cache_size ?? 1000
  if (c.aggregation_temporality === 'AGGREGATION_TEMPORALITY_DELTA' && cache <= 0) {
    const message = `invalid delta timestamp cache size: ${cache}, the maximum number of the items in the cache should be positive`
    yield { message, key: ['metric_timestamp_cache_size'] }
  }
  if (c.aggregation_cardinality_limit < 0) {
    const message = `invalid aggregation_cardinality_limit: ${c.aggregation_cardinality_limit}, the limit should be positive`
    yield { message, key: ['aggregation_cardinality_limit'] }
  }
  if (c.exemplars.enabled && c.exemplars.max_per_data_point < 0) {
    const message = `invalid max_per_data_point: ${c.exemplars.max_per_data_point}, the value should be positive`
    yield { message, key: ['exemplars', 'max_per_data_point'] }
  }
}

/** Counts spans and measures their durations. Explicit buckets are milliseconds, whatever the unit. */
export const spanMetricsConnector = component({
  kind: 'connector',
  type: 'span_metrics',
  alias: { type: 'spanmetrics', since: '0.152.0' },
  signals: [],
  routes: [['traces', 'metrics']],
  schema: struct('spanmetricsconnector.Config', fields, function* (c) {
    const first = faults(c).next()
    if (!first.done) yield first.value
  }),
})
