import { parseDuration } from '../../../util/duration.ts'
import type { ConfigSection } from '../../config.ts'
import type { EdgeSettings } from './edges.ts'
import type { SeriesSettings } from './series.ts'

export interface GeneratorSettings extends EdgeSettings, SeriesSettings {
  /** Milliseconds. */
  collectionInterval: number
  /** Where to write to. */
  urls: string[]
  /** Processors that are asked for and not to be had here. */
  unknown: string[]
}

const SECOND = 1000
/** prometheus.ExponentialBuckets(0.1, 2, 8) */
const BUCKETS = Array.from({ length: 8 }, (_, i) => 0.1 * 2 ** i)
const PEERS = ['peer.service', 'db.name', 'db.system', 'db.system.name']

/** Reads metrics_generator and its overrides; undefined when no processor of it is switched on. */
export function generatorSettings(root: ConfigSection): GeneratorSettings | undefined {
  const generator = root.section('metrics_generator')
  const processors = root.section('overrides').section('defaults').section('metrics_generator').strings('processors')
  const registry = generator.section('registry')
  const graphs = generator.section('processor').section('service_graphs')
  const time = (s: ConfigSection, key: string, fallback: number) => s.parsed(key, parseDuration, 'duration', fallback)
  const external = registry.section('external_labels')
  const urls = generator
    .section('storage')
    .sections('remote_write')
    .flatMap((target) => {
      const url = target.string('url', '')
      if (URL.canParse(url) && new URL(url).protocol === 'http:') return [url]
      target.fault('url', `invalid remote_write url ${JSON.stringify(url)}: the embedded Tempo writes to http:// only`)
      return []
    })
  const settings: GeneratorSettings = {
    collectionInterval: time(registry, 'collection_interval', 15 * SECOND),
    staleDuration: time(registry, 'stale_duration', 15 * 60 * SECOND),
    externalLabels: external.keys().map((key) => [key, external.string(key, '')] as const),
    wait: time(graphs, 'wait', 10 * SECOND),
    maxItems: graphs.number('max_items', 10_000),
    dimensions: graphs.strings('dimensions'),
    peerAttributes: graphs.has('peer_attributes') ? graphs.strings('peer_attributes') : PEERS,
    buckets: graphs.has('histogram_buckets') ? graphs.strings('histogram_buckets').map(Number) : BUCKETS,
    urls,
    unknown: processors.filter((name) => name !== 'service-graphs'),
  }
  if (settings.collectionInterval <= 0) registry.fault('collection_interval', 'collection_interval must be positive')
  return processors.length === 0 ? undefined : settings
}
