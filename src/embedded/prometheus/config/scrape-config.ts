import { table } from '../../../util/table.ts'
import type { ConfigSection } from '../../config.ts'
import { modelDurationMs } from '../../series/model-duration.ts'
import type { RelabelRule } from '../relabel.ts'
import { relabelRules } from './relabel-rules.ts'
import { parsePromSize } from './units.ts'

/** Limits of one page; 0 means none. */
export interface ScrapeLimits {
  sampleLimit: number
  bodySizeLimitBytes: number
  labelLimit: number
  labelNameLengthLimit: number
  labelValueLengthLimit: number
  targetLimit: number
}

/** What a job takes from `global` unless it says otherwise. */
export interface ScrapeDefaults extends ScrapeLimits {
  intervalMs: number
  timeoutMs: number | undefined
  protocols: string[]
}

export interface ScrapeConfig extends ScrapeLimits {
  jobName: string
  intervalMs: number
  timeoutMs: number
  metricsPath: string
  scheme: 'http' | 'https'
  params: Record<string, string[]>
  honorLabels: boolean
  honorTimestamps: boolean
  trackTimestampsStaleness: boolean
  protocols: string[]
  fallbackProtocol: string
  headers: Record<string, string>
  followRedirects: boolean
  staticConfigs: { targets: string[]; labels: Record<string, string> }[]
  relabel: RelabelRule[]
  metricRelabel: RelabelRule[]
}

const LIMIT_KEYS = [
  'sample_limit',
  'body_size_limit',
  'label_limit',
  'label_name_length_limit',
  'label_value_length_limit',
  'target_limit',
  'keep_dropped_targets',
]
const KEYS = [
  ...LIMIT_KEYS,
  'job_name',
  'honor_labels',
  'honor_timestamps',
  'track_timestamps_staleness',
  'params',
  'scrape_interval',
  'scrape_timeout',
  'scrape_protocols',
  'fallback_scrape_protocol',
  'scrape_native_histograms',
  'scrape_classic_histograms',
  'always_scrape_classic_histograms',
  'convert_classic_histograms_to_nhcb',
  'metric_name_validation_scheme',
  'metric_name_escaping_scheme',
  'enable_compression',
  'metrics_path',
  'scheme',
  'static_configs',
  'relabel_configs',
  'metric_relabel_configs',
  'basic_auth',
  'authorization',
  'follow_redirects',
]
/** Real keys that need what the lab does not have; each is refused by name, never silently ignored. */
const REFUSED: Record<string, string> = table({
  tls_config: 'the embedded Prometheus knows no client certificates',
  oauth2: 'the embedded Prometheus cannot fetch OAuth 2 tokens',
  proxy_url: 'the embedded Prometheus scrapes without a proxy',
  http_headers: 'the embedded Prometheus sends no extra headers',
  scrape_failure_log_file: 'scrape failures are in the log: otel-lab logs prometheus',
})
export const SCRAPE_PROTOCOLS = [
  'PrometheusProto',
  'OpenMetricsText0.0.1',
  'OpenMetricsText1.0.0',
  'PrometheusText0.0.4',
  'PrometheusText1.0.0',
]

export function readLimits(section: ConfigSection, defaults: ScrapeLimits): ScrapeLimits {
  return {
    sampleLimit: section.number('sample_limit', defaults.sampleLimit),
    bodySizeLimitBytes: section.parsed(
      'body_size_limit',
      parsePromSize,
      'units.Base2Bytes',
      defaults.bodySizeLimitBytes,
    ),
    labelLimit: section.number('label_limit', defaults.labelLimit),
    labelNameLengthLimit: section.number('label_name_length_limit', defaults.labelNameLengthLimit),
    labelValueLengthLimit: section.number('label_value_length_limit', defaults.labelValueLengthLimit),
    targetLimit: section.number('target_limit', defaults.targetLimit),
  }
}

export function readProtocols(section: ConfigSection, fallback: string[]): string[] {
  const protocols = section.has('scrape_protocols') ? section.strings('scrape_protocols') : fallback
  for (const protocol of protocols) {
    if (!SCRAPE_PROTOCOLS.includes(protocol)) {
      throw section.error(
        'scrape_protocols',
        `unknown scrape protocol ${protocol}, supported: [${SCRAPE_PROTOCOLS.join(' ')}]`,
      )
    }
  }
  return protocols
}

export function readScrapeConfig(section: ConfigSection, defaults: ScrapeDefaults): ScrapeConfig {
  for (const key of section.keys()) {
    if (key.endsWith('_sd_configs')) {
      throw section.error(key, `${key} is not in the lab's embedded Prometheus: list the targets under static_configs`)
    }
    if (REFUSED[key] !== undefined) throw section.error(key, `${key} is refused: ${REFUSED[key]}`)
  }
  section.only(KEYS, 'config.plain')
  const jobName = section.string('job_name', '')
  if (jobName === '') throw section.error(undefined, 'job_name is empty')
  const intervalMs =
    section.parsed('scrape_interval', modelDurationMs, 'duration', defaults.intervalMs) || defaults.intervalMs
  const ownTimeout = section.parsed<number>('scrape_timeout', modelDurationMs, 'duration', 0)
  if (ownTimeout > intervalMs) {
    const why = `scrape timeout greater than scrape interval for scrape config with job name "${jobName}"`
    throw section.error('scrape_timeout', why)
  }
  const scheme = section.string('scheme', 'http')
  if (scheme !== 'http' && scheme !== 'https') throw section.error('scheme', `unsupported scheme "${scheme}"`)
  return {
    jobName,
    intervalMs,
    timeoutMs: ownTimeout || Math.min(defaults.timeoutMs ?? 10_000, intervalMs),
    metricsPath: section.string('metrics_path', '/metrics'),
    scheme,
    params: readParams(section.section('params')),
    honorLabels: section.boolean('honor_labels', false),
    honorTimestamps: section.boolean('honor_timestamps', true),
    trackTimestampsStaleness: section.boolean('track_timestamps_staleness', false),
    protocols: readProtocols(section, defaults.protocols),
    fallbackProtocol: section.string('fallback_scrape_protocol', ''),
    headers: readAuthorization(section),
    followRedirects: section.boolean('follow_redirects', true),
    staticConfigs: section.sections('static_configs').map((group) => readStatic(group)),
    relabel: relabelRules(section, 'relabel_configs'),
    metricRelabel: relabelRules(section, 'metric_relabel_configs'),
    ...readLimits(section, defaults),
  }
}

function readStatic(group: ConfigSection): ScrapeConfig['staticConfigs'][number] {
  group.only(
    ['targets', 'labels'],
    'struct { Targets []string "yaml:\\"targets\\""; Labels model.LabelSet "yaml:\\"labels\\"" }',
  )
  const targets = group.strings('targets')
  for (const target of targets) {
    if (target.includes('/')) throw group.error('targets', `"${target}" is not a valid hostname`)
    if (target === '') throw group.error('targets', 'no address')
  }
  const labels = group.section('labels')
  return { targets, labels: Object.fromEntries(labels.keys().map((name) => [name, labels.string(name, '')])) }
}

function readParams(section: ConfigSection): Record<string, string[]> {
  return Object.fromEntries(section.keys().map((name) => [name, section.strings(name)]))
}

function readAuthorization(section: ConfigSection): Record<string, string> {
  if (section.has('basic_auth')) {
    const basic = section.section('basic_auth').only(['username', 'password'], 'config.plain')
    const pair = `${basic.string('username', '')}:${basic.string('password', '')}`
    return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` }
  }
  if (!section.has('authorization')) return {}
  const own = section.section('authorization').only(['type', 'credentials'], 'config.plain')
  return { authorization: `${own.string('type', 'Bearer')} ${own.string('credentials', '')}` }
}
