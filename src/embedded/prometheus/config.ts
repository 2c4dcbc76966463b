import { table } from '../../util/table.ts'
import { type ConfigSection, readConfig } from '../config.ts'
import { modelDurationMs } from '../series/model-duration.ts'
import {
  readLimits,
  readProtocols,
  readScrapeConfig,
  type ScrapeConfig,
  type ScrapeDefaults,
} from './config/scrape-config.ts'
import { parsePromSize } from './config/units.ts'

export interface PrometheusConfig {
  text: string
  externalLabels: Record<string, string>
  scrapeConfigs: ScrapeConfig[]
  maxExemplars: number
  /** How far behind a series' newest sample a late one may be; 0 refuses late ones. */
  outOfOrderWindowMs: number
  retentionMs: number
  retentionBytes: number
  /** What was accepted but does nothing here. */
  warnings: string[]
}

const TOP_KEYS = ['global', 'runtime', 'scrape_configs', 'storage', 'otlp']
const GLOBAL_KEYS = [
  'scrape_interval',
  'scrape_timeout',
  'scrape_protocols',
  'evaluation_interval',
  'rule_query_offset',
  'query_log_file',
  'scrape_failure_log_file',
  'external_labels',
  'body_size_limit',
  'sample_limit',
  'target_limit',
  'label_limit',
  'label_name_length_limit',
  'label_value_length_limit',
  'keep_dropped_targets',
  'metric_name_validation_scheme',
  'metric_name_escaping_scheme',
  'scrape_native_histograms',
  'always_scrape_classic_histograms',
  'convert_classic_histograms_to_nhcb',
]
/** Parts of a real prometheus.yml that the lab has no use for, refused by name so that nobody waits for them. */
const REFUSED: Record<string, string> = table({
  rule_files: 'the embedded Prometheus evaluates no rules',
  alerting: 'the embedded Prometheus sends no alerts',
  remote_write: 'the embedded Prometheus does not forward what it stores',
  remote_read: 'the embedded Prometheus reads only its own store',
  scrape_config_files: 'put the jobs under scrape_configs in this file',
  tracing: 'the embedded Prometheus does not trace itself',
})
/** OpenMetrics first: only its pages carry exemplars. */
const DEFAULT_PROTOCOLS = ['OpenMetricsText1.0.0', 'OpenMetricsText0.0.1', 'PrometheusText1.0.0', 'PrometheusText0.0.4']
const DEFAULT_RETENTION_MS = 15 * 86_400_000
const DEFAULT_RETENTION_BYTES = 128 * 1024 * 1024

/** Reads prometheus.yml. Throws LabError `config-invalid` with the real server's words and the line. */
export function parsePrometheusConfig(text: string, path: string): PrometheusConfig {
  const root = readConfig(text, path, 'parsing YAML file ')
  const warnings: string[] = []
  for (const key of root.keys()) {
    const value = root.value[key]
    const isEmpty = value === null || (Array.isArray(value) && value.length === 0)
    if (REFUSED[key] !== undefined && !isEmpty) throw root.error(key, `${key} is refused: ${REFUSED[key]}`)
    if (key === 'otlp' || key === 'runtime') warnings.push(`${key} has no effect on the embedded Prometheus`)
  }
  root.only([...TOP_KEYS, ...Object.keys(REFUSED)], 'config.plain')
  const global = root.section('global').only(GLOBAL_KEYS, 'config.plain')
  const defaults = readDefaults(global)
  const scrapeConfigs = root.sections('scrape_configs').map((section) => readScrapeConfig(section, defaults))
  const external = global.section('external_labels')
  const storage = readStorage(root.section('storage'))
  root.finish()
  const seen = new Set<string>()
  for (const { jobName } of scrapeConfigs) {
    if (seen.has(jobName))
      throw root.error('scrape_configs', `found multiple scrape configs with job name "${jobName}"`)
    seen.add(jobName)
  }
  return {
    text,
    externalLabels: Object.fromEntries(external.keys().map((name) => [name, external.string(name, '')])),
    scrapeConfigs,
    ...storage,
    warnings,
  }
}

function readDefaults(global: ConfigSection): ScrapeDefaults {
  const intervalMs = global.parsed('scrape_interval', modelDurationMs, 'duration', 60_000) || 60_000
  const timeoutMs = global.parsed<number | undefined>('scrape_timeout', modelDurationMs, 'duration', undefined)
  global.parsed('evaluation_interval', modelDurationMs, 'duration', 60_000)
  if (timeoutMs !== undefined && timeoutMs > intervalMs) {
    throw global.error('scrape_timeout', 'global scrape timeout greater than scrape interval')
  }
  const none = {
    sampleLimit: 0,
    bodySizeLimitBytes: 0,
    labelLimit: 0,
    labelNameLengthLimit: 0,
    labelValueLengthLimit: 0,
    targetLimit: 0,
  }
  return { intervalMs, timeoutMs, protocols: readProtocols(global, DEFAULT_PROTOCOLS), ...readLimits(global, none) }
}

function readStorage(storage: ConfigSection) {
  storage.only(['tsdb', 'exemplars'], 'config.plain')
  const tsdb = storage
    .section('tsdb')
    .only(['out_of_order_time_window', 'retention', 'stale_series_compaction_threshold'], 'config.plain')
  const retention = tsdb.section('retention').only(['time', 'size', 'percentage'], 'config.plain')
  const exemplars = storage.section('exemplars').only(['max_exemplars'], 'config.ExemplarsConfig')
  return {
    maxExemplars: exemplars.number('max_exemplars', 100_000),
    outOfOrderWindowMs: tsdb.parsed<number>('out_of_order_time_window', modelDurationMs, 'duration', 0),
    retentionMs: retention.parsed('time', modelDurationMs, 'duration', DEFAULT_RETENTION_MS) || DEFAULT_RETENTION_MS,
    retentionBytes:
      retention.parsed('size', parsePromSize, 'units.Base2Bytes', DEFAULT_RETENTION_BYTES) || DEFAULT_RETENTION_BYTES,
  }
}
