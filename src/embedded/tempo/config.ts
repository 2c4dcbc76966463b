import { LabError } from '../../errors.ts'
import { parseBytes } from '../../util/bytes.ts'
import { parseDuration } from '../../util/duration.ts'
import type { Keys } from '../config/keys.ts'
import { type ConfigSection, readConfig } from '../config.ts'
import type { QuerySettings } from './api/parts.ts'
import { APP, GONE } from './config/keys.ts'
import { type GeneratorSettings, generatorSettings } from './generator/config.ts'
import type { StoreSettings } from './store/store.ts'

export interface TempoConfig {
  httpPort: number
  /** Whether gRPC's streaming calls are served on the HTTP port too. */
  streamOverHttp: boolean
  /** Container ports of the OTLP receivers; undefined when one is not configured. */
  grpcPort: number | undefined
  otlpHttpPort: number | undefined
  /** Milliseconds. */
  flushCheckPeriod: number
  maxMessageBytes: number
  store: StoreSettings
  query: QuerySettings
  /** undefined when overrides switch no processor on. */
  generator: GeneratorSettings | undefined
}

const SECOND = 1000
/** Some two to three million spans. */
const MAX_BYTES = 400 << 20
const HOUR = 3600 * SECOND
const INTRO = 'failed parsing config: failed to parse configFile '

/** Reads tempo.yaml as Tempo 3.0 does. Throws LabError `config-invalid` with all faults and their lines. */
export function parseTempoConfig(text: string, path: string): TempoConfig {
  const root = readConfig(text, path, INTRO)
  checkKeys(root, APP)
  const hints = Object.entries(GONE).flatMap(([key, hint]) => (root.has(key) ? [hint] : []))
  const live = root.section('live_store')
  const frontend = root.section('query_frontend')
  const search = frontend.section('search')
  const metrics = frontend.section('metrics')
  const compaction = root.section('backend_worker').section('compaction')
  const distributor = root.section('distributor')
  const time = (s: ConfigSection, key: string, fallback: number) => s.parsed(key, parseDuration, 'duration', fallback)
  const config: TempoConfig = {
    httpPort: root.section('server').number('http_listen_port', 3200),
    streamOverHttp: root.boolean('stream_over_http_enabled', false),
    ...receivers(distributor),
    flushCheckPeriod: time(live, 'flush_check_period', 5 * SECOND),
    store: {
      maxBlockDuration: time(live, 'max_block_duration', 30 * SECOND),
      maxTraceIdle: time(live, 'max_trace_idle', 5 * SECOND),
      maxTraceLive: time(live, 'max_trace_live', 30 * SECOND),
      blockRetention: time(compaction, 'block_retention', 336 * HOUR),
      maxAttributeBytes: distributor.number('max_attribute_bytes', 2048),
      maxBytes: MAX_BYTES,
    },
    query: {
      queryEndCutoff: time(frontend, 'query_end_cutoff', 30 * SECOND),
      queryBackendAfter: time(search, 'query_backend_after', 15 * 60 * SECOND),
      maxSearchDuration: time(search, 'max_duration', 168 * HOUR),
      maxMetricsDuration: time(metrics, 'max_duration', 24 * HOUR),
      defaultLimit: search.number('default_result_limit', 20),
      maxLimit: search.number('max_result_limit', 262_144),
      maxSpansPerSpanSet: search.number('max_spans_per_span_set', 100),
      timeout: time(frontend, 'api_timeout', 0) || 60 * SECOND,
    },
    generator: generatorSettings(root),
  }
  try {
    root.finish()
  } catch (error) {
    if (!(error instanceof LabError) || hints.length === 0) throw error
    throw new LabError(error.code, error.message, { hint: [...hints, error.hint ?? ''].join('\n'), cause: error })
  }
  if (config.query.queryEndCutoff >= config.query.queryBackendAfter) {
    throw frontend.error(
      'query_end_cutoff',
      'query_frontend.query_end_cutoff must be less than query_frontend.search.query_backend_after',
    )
  }
  if (config.flushCheckPeriod <= 0) throw live.error('flush_check_period', 'flush_check_period must be positive')
  return config
}

function checkKeys(section: ConfigSection, { type, keys, sections = {} }: Keys): void {
  section.only(keys, type)
  for (const [key, inner] of Object.entries(sections)) if (section.has(key)) checkKeys(section.section(key), inner)
}

/** The collector's otlp receiver, embedded in Tempo's distributor. Only what it has is opened. */
function receivers(distributor: ConfigSection): Pick<TempoConfig, 'grpcPort' | 'otlpHttpPort' | 'maxMessageBytes'> {
  const list = distributor.section('receivers')
  const otlp = list.section('otlp')
  const protocols = otlp.section('protocols')
  const port = (protocol: string, fallback: number) => {
    if (!(protocol in protocols.value)) return undefined
    const endpoint = protocols.section(protocol).string('endpoint', `localhost:${fallback}`)
    const number = Number(/:(\d+)$/.exec(endpoint)?.[1] ?? Number.NaN)
    if (number >= 0 && number <= 65535) return number
    protocols.fault(protocol, `invalid endpoint ${JSON.stringify(endpoint)}: it must end in a port`)
    return fallback
  }
  const size = parseBytes(`${protocols.section('grpc').number('max_recv_msg_size_mib', 4)}MiB`)
  return {
    grpcPort: port('grpc', 4317),
    otlpHttpPort: port('http', 4318),
    maxMessageBytes: Math.max(size ?? 0, 4 << 20),
  }
}
