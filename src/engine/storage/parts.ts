import type { ServiceName } from '../../engine.ts'

export type PartKind = 'journal' | 'chunks' | 'blocks' | 'volume'

interface Part {
  service: ServiceName
  meaning: string
  real: string
}

/** The folders of the embedded engine's store, in the order in which telemetry meets them. */
export const PARTS: (Part & { kind: PartKind; folder: string })[] = [
  {
    service: 'otel-collector',
    kind: 'journal',
    folder: 'journal',
    meaning: 'Accepted and not yet delivered, and what the metrics page is made of; otherwise empty when all is well.',
    real: 'nothing: the real collector holds it in memory and loses it when killed, unless file_storage is configured',
  },
  {
    service: 'tempo',
    kind: 'journal',
    folder: 'journal',
    meaning: 'Write-ahead log: spans of traces that are open or not in a block yet, as they came (OTLP, checksummed).',
    real: '/var/tempo/wal (the lesson: /tmp/tempo/wal)',
  },
  {
    service: 'tempo',
    kind: 'blocks',
    folder: 'blocks',
    meaning: 'Parquet blocks: whole traces in columns, a row a span. Any Parquet tool opens them, such as DuckDB.',
    real: '/var/tempo/blocks (the lesson: /tmp/tempo/blocks), a folder a block with its data.parquet',
  },
  {
    service: 'prometheus',
    kind: 'journal',
    folder: 'journal',
    meaning: 'Write-ahead log: every scraped sample. Series are rebuilt from it at the start, compressed, in memory.',
    real: '/prometheus/wal, and after two hours the blocks (the lesson: /prometheus/chunks)',
  },
  {
    service: 'loki',
    kind: 'journal',
    folder: 'journal',
    meaning: 'Write-ahead log: lines that are in no chunk yet.',
    real: '/loki/wal',
  },
  {
    service: 'loki',
    kind: 'chunks',
    folder: 'chunks',
    meaning: 'Compressed log lines by stream, with the index of labels at the end of each file.',
    real: '/loki/chunks, and its index of labels beside it (the lesson: BoltDB in /loki/index; today TSDB)',
  },
]

/** The volumes of compose.yaml. They belong to root inside Docker, so only its own tools see their files. */
export const DOCKER_VOLUMES: (Part & { path: string; volume: string })[] = [
  {
    service: 'tempo',
    path: '/var/tempo',
    volume: 'tempo-data',
    meaning: 'wal/: open traces. blocks/: Parquet blocks, one folder each.',
    real: 'the lesson: /tmp/tempo',
  },
  {
    service: 'prometheus',
    path: '/prometheus',
    volume: 'prometheus-data',
    meaning: 'wal/: recent samples. chunks_head/: compressed recent ones. 01…/: blocks of two hours and more.',
    real: 'the lesson: /prometheus',
  },
  {
    service: 'loki',
    path: '/loki',
    volume: 'loki-data',
    meaning: 'wal/: lines in no chunk yet. chunks/: compressed lines. index in tsdb-shipper-*/: labels only.',
    real: 'the lesson: /loki',
  },
  {
    service: 'grafana',
    path: '/var/lib/grafana',
    volume: 'grafana-data',
    meaning: 'grafana.db: dashboards and settings; no telemetry.',
    real: 'the same',
  },
]
