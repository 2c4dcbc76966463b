import { parseDuration } from '../../../util/duration.ts'
import type { ConfigSection } from '../../config.ts'
import type { EdgeSettings } from './edges.ts'
import type { RegistrySettings } from './series.ts'

interface ProcessorSettings {
  dimensions: readonly string[]
  /** Upper ends of the latency buckets, in seconds. */
  buckets: readonly number[]
}

export interface GeneratorSettings extends RegistrySettings {
  /** Each undefined when it is not switched on. */
  graphs: (EdgeSettings & ProcessorSettings) | undefined
  spans: ProcessorSettings | undefined
  /** Milliseconds. */
  collectionInterval: number
  /** Where to write to. */
  urls: string[]
  /** Processors that are asked for and not to be had here. */
  unknown: string[]
}

const SECOND = 1000
/** prometheus.ExponentialBuckets */
const exponential = (start: number, count: number) => Array.from({ length: count }, (_, i) => start * 2 ** i)
const GRAPHS = 'service-graphs'
const SPANS = 'span-metrics'
const PEERS = ['peer.service', 'db.name', 'db.system', 'db.system.name']

function bucketsOf(s: ConfigSection, fallback: number[]): number[] {
  const key = 'histogram_buckets'
  if (!s.has(key)) return fallback
  const ends = s.strings(key).map((text) => (text.trim() === '' ? Number.NaN : Number(text)))
  if (ends.every((end, i) => end > (ends[i - 1] ?? Number.NEGATIVE_INFINITY))) return ends
  s.fault(key, `${key} must be numbers (seconds), each larger than the one before`)
  return fallback
}

/** Reads metrics_generator and its overrides; undefined when no processor of it is switched on. */
export function generatorSettings(root: ConfigSection): GeneratorSettings | undefined {
  const generator = root.section('metrics_generator')
  const processors = root.section('overrides').section('defaults').section('metrics_generator').strings('processors')
  const registry = generator.section('registry')
  const graphs = generator.section('processor').section('service_graphs')
  const spans = generator.section('processor').section('span_metrics')
  const processor = (s: ConfigSection, fallback: number[]): ProcessorSettings => ({
    dimensions: s.strings('dimensions'),
    buckets: bucketsOf(s, fallback),
  })
  const time = (s: ConfigSection, key: string, fallback: number) => s.parsed(key, parseDuration, 'duration', fallback)
  const external = registry.section('external_labels')
  const urls = generator
    .section('storage')
    .sections('remote_write')
    .flatMap((target) => {
      const url = target.string('url', '')
      if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return [url]
      target.fault('url', `invalid remote_write url ${JSON.stringify(url)}: it must begin with http:// or https://`)
      return []
    })
  const settings: GeneratorSettings = {
    collectionInterval: time(registry, 'collection_interval', 15 * SECOND),
    staleDuration: time(registry, 'stale_duration', 15 * 60 * SECOND),
    externalLabels: external.keys().map((key) => [key, external.string(key, '')] as const),
    graphs: processors.includes(GRAPHS)
      ? {
          ...processor(graphs, exponential(0.1, 8)),
          wait: time(graphs, 'wait', 10 * SECOND),
          maxItems: graphs.number('max_items', 10_000),
          peerAttributes: graphs.has('peer_attributes') ? graphs.strings('peer_attributes') : PEERS,
        }
      : undefined,
    spans: processors.includes(SPANS) ? processor(spans, exponential(0.002, 14)) : undefined,
    urls,
    unknown: processors.filter((name) => name !== GRAPHS && name !== SPANS),
  }
  if (settings.collectionInterval <= 0) registry.fault('collection_interval', 'collection_interval must be positive')
  return processors.length === 0 ? undefined : settings
}
