import type { Keys } from '../config/keys.ts'
import { type ConfigSection, readConfig } from '../config.ts'
import { APP } from './config/keys.ts'
import { type Limits, readLimits } from './config/limits.ts'
import { parseAnyDuration } from './config/units.ts'

export interface LokiConfig {
  httpPort: number
  /** How long after the start `/ready` still says no. */
  minReadyMs: number
  /** Half of it is how far behind a stream's newest line a late one may be. */
  maxChunkAgeMs: number
  maxBodyBytes: number
  maxInflatedBytes: number
  /** How far back a log line is kept; 0 keeps all that the size allows. */
  retentionMs: number
  limits: Limits
  warnings: string[]
}

/** Limits that a learner might wait for in vain. */
const NO_EFFECT = [
  'retention_stream',
  'blocked_queries',
  'discover_generic_fields',
  'block_ingestion_until',
  'enforced_labels',
  'policy_stream_mapping',
  'max_query_bytes_read',
]
const INTRO = 'failed parsing config: '
const HOUR = 3_600_000
/** Loki takes 100 MiB, and fifty times that inflated. The lab's services share one process and its memory. */
const MAX_BODY = 32 << 20
const MAX_INFLATED = 20 << 20

/** Reads loki.yaml as Loki 3 does. Throws LabError `config-invalid` with all faults and their lines. */
export function parseLokiConfig(text: string, path: string): LokiConfig {
  const root = readConfig(text, path, INTRO)
  checkKeys(root, APP)
  const ingester = root.section('ingester')
  const distributor = root.section('distributor')
  const compactor = root.section('compactor')
  const ready = (section: ConfigSection) =>
    section.section('lifecycler').parsed('min_ready_duration', parseAnyDuration, 'duration', 15_000)
  const patterns = root.section('pattern_ingester')
  const limits = readLimits(root.section('limits_config'), distributor)
  const maxBodyBytes = Math.min(distributor.number('max_recv_msg_size', MAX_BODY), MAX_BODY)
  const config: LokiConfig = {
    httpPort: root.section('server').number('http_listen_port', 3100),
    minReadyMs: Math.max(ready(ingester), patterns.boolean('enabled', false) ? ready(patterns) : 0),
    maxChunkAgeMs: ingester.parsed('max_chunk_age', parseAnyDuration, 'duration', 2 * HOUR),
    maxBodyBytes,
    maxInflatedBytes: Math.min(distributor.number('max_decompressed_size', MAX_INFLATED) || MAX_INFLATED, MAX_INFLATED),
    retentionMs: compactor.boolean('retention_enabled', false) ? limits.retentionPeriod : 0,
    limits,
    warnings: [],
  }
  root.finish()
  if (root.boolean('auth_enabled', true)) {
    throw root.error(
      root.has('auth_enabled') ? 'auth_enabled' : undefined,
      'auth_enabled is refused: the embedded Loki has one tenant; write auth_enabled: false',
    )
  }
  checkSchema(root)
  for (const key of NO_EFFECT) {
    const section = root.section('limits_config')
    if (section.has(key))
      config.warnings.push(`limits_config.${key} (line ${section.line(key)}) has no effect on the embedded Loki`)
  }
  if (limits.retentionPeriod > 0 && config.retentionMs === 0) {
    config.warnings.push('retention_period has no effect without compactor.retention_enabled: true')
  }
  return config
}

function checkKeys(section: ConfigSection, { type, keys, sections = {} }: Keys): void {
  section.only(keys, type)
  for (const [key, inner] of Object.entries(sections)) if (section.has(key)) checkKeys(section.section(key), inner)
}

/** Loki does not start without a schema, and its structured metadata needs one of v13. */
function checkSchema(root: ConfigSection): void {
  const configs = root.section('schema_config').sections('configs')
  root.finish()
  const last = configs.at(-1)
  if (last === undefined) {
    const key = root.has('schema_config') ? 'schema_config' : undefined
    throw root.error(key, 'CONFIG ERROR: invalid schema config: must specify at least one schema config')
  }
  const schema = last.string('schema', '')
  if (root.section('limits_config').boolean('allow_structured_metadata', true) && schema < 'v13') {
    throw last.error(
      'schema',
      `CONFIG ERROR: schema v13 is required to store Structured Metadata and use native OTLP ingestion, your schema version is ${schema}`,
    )
  }
}
