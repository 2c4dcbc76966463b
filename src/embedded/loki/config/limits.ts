import type { ConfigSection } from '../../config.ts'
import { LEVEL_FIELDS } from '../ingest/level.ts'
import type { OtlpConfig } from '../ingest/otlp-config.ts'
import { readOtlpConfig } from './otlp-rules.ts'
import { parseAnyDuration, parseByteSize } from './units.ts'

/** limits_config, as far as it is acted on. Durations in ms, 0 turns a limit off where Loki says so. */
export interface Limits {
  ingestionRateBytes: number
  ingestionBurstBytes: number
  perStreamRateLimit: number
  perStreamRateLimitBurst: number
  maxStreams: number
  maxLabelNameLength: number
  maxLabelValueLength: number
  maxLabelNamesPerSeries: number
  rejectOldSamples: boolean
  rejectOldSamplesMaxAge: number
  creationGracePeriod: number
  maxLineSize: number
  maxLineSizeTruncate: boolean
  maxLineSizeTruncateIdentifier: string
  incrementDuplicateTimestamp: boolean
  discoverServiceName: string[]
  discoverLogLevels: boolean
  logLevelFields: readonly string[]
  logLevelJsonDepth: number
  allowStructuredMetadata: boolean
  maxStructuredMetadataSize: number
  maxStructuredMetadataCount: number
  otlp: OtlpConfig
  maxQuerySeries: number
  maxQueryLookback: number
  maxQueryLength: number
  maxQueryRange: number
  /** Range queries are split by it, and moved to whole steps for that; 0 leaves them as they are asked. */
  splitQueriesBy: number
  splitInstantMetricQueriesBy: number
  maxStreamsMatchersPerQuery: number
  maxConcurrentTails: number
  maxEntriesLimitPerQuery: number
  queryTimeout: number
  volumeEnabled: boolean
  volumeMaxSeries: number
  requiredLabels: string[]
  minimumLabels: number
  retentionPeriod: number
}

const SECOND = 1000
const HOUR = 3600 * SECOND
const MIB = 1024 * 1024

const DISCOVER_SERVICE_NAME = [
  'service',
  'app',
  'application',
  'app_name',
  'name',
  'app_kubernetes_io_name',
  'container',
  'container_name',
  'k8s_container_name',
  'component',
  'workload',
  'job',
  'k8s_job_name',
]

/** Loki's own defaults where nothing is written. */
export function readLimits(limits: ConfigSection, distributor: ConfigSection): Limits {
  const time = (key: string, fallback: number) => limits.parsed(key, parseAnyDuration, 'duration', fallback)
  const size = (key: string, fallback: number) => limits.parsed(key, parseByteSize, 'flagext.ByteSize', fallback)
  const list = (key: string, fallback: readonly string[]) => (limits.has(key) ? limits.strings(key) : [...fallback])
  const global = limits.number('max_global_streams_per_user', 5000)
  const local = limits.number('max_streams_per_user', 0)
  return {
    ingestionRateBytes: limits.number('ingestion_rate_mb', 4) * MIB,
    ingestionBurstBytes: limits.number('ingestion_burst_size_mb', 6) * MIB,
    perStreamRateLimit: size('per_stream_rate_limit', 3 * MIB),
    perStreamRateLimitBurst: size('per_stream_rate_limit_burst', 15 * MIB),
    maxStreams: global === 0 || local === 0 ? global || local : Math.min(global, local),
    maxLabelNameLength: limits.number('max_label_name_length', 1024),
    maxLabelValueLength: limits.number('max_label_value_length', 2048),
    maxLabelNamesPerSeries: limits.number('max_label_names_per_series', 15),
    rejectOldSamples: limits.boolean('reject_old_samples', true),
    rejectOldSamplesMaxAge: time('reject_old_samples_max_age', 7 * 24 * HOUR),
    creationGracePeriod: time('creation_grace_period', 600 * SECOND),
    maxLineSize: size('max_line_size', 256 * 1024),
    maxLineSizeTruncate: limits.boolean('max_line_size_truncate', false),
    maxLineSizeTruncateIdentifier: limits.string('max_line_size_truncate_identifier', ''),
    incrementDuplicateTimestamp: limits.boolean('increment_duplicate_timestamp', false),
    discoverServiceName: list('discover_service_name', DISCOVER_SERVICE_NAME),
    discoverLogLevels: limits.boolean('discover_log_levels', true),
    logLevelFields: list('log_level_fields', LEVEL_FIELDS),
    logLevelJsonDepth: limits.number('log_level_from_json_max_depth', 2),
    allowStructuredMetadata: limits.boolean('allow_structured_metadata', true),
    maxStructuredMetadataSize: size('max_structured_metadata_size', 64 * 1024),
    maxStructuredMetadataCount: limits.number('max_structured_metadata_entries_count', 128),
    otlp: readOtlpConfig(limits.section('otlp_config'), distributor.section('otlp_config')),
    maxQuerySeries: limits.number('max_query_series', 500),
    maxQueryLookback: time('max_query_lookback', 0),
    maxQueryLength: time('max_query_length', 721 * HOUR),
    maxQueryRange: time('max_query_range', 0),
    splitQueriesBy: time('split_queries_by_interval', HOUR),
    splitInstantMetricQueriesBy: time('split_instant_metric_queries_by_interval', HOUR),
    maxStreamsMatchersPerQuery: limits.number('max_streams_matchers_per_query', 1000),
    maxConcurrentTails: limits.number('max_concurrent_tail_requests', 10),
    maxEntriesLimitPerQuery: limits.number('max_entries_limit_per_query', 5000),
    queryTimeout: time('query_timeout', 60 * SECOND),
    volumeEnabled: limits.boolean('volume_enabled', true),
    volumeMaxSeries: limits.number('volume_max_series', 1000),
    requiredLabels: limits.strings('required_labels'),
    minimumLabels: limits.number('minimum_labels_number', 0),
    retentionPeriod: time('retention_period', 0),
  }
}
