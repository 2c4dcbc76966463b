import type { AppParts } from './parts.ts'
import { VERSION } from './version.ts'

/** The counters of Loki's own that say whether logs come in, and what was thrown away. */
export function metricsPage({ store, counts }: AppParts): string {
  const { streams, entries, inMemory, chunkFiles, diskBytes } = store.stats
  const lines: string[] = []
  const metric = (name: string, type: string, help: string, values: [labels: string, value: number][]) => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`)
    for (const [labels, value] of values) lines.push(`${name}${labels} ${value}`)
  }
  const tenant = '{tenant="fake"}'
  metric('loki_build_info', 'gauge', 'Which Loki this follows.', [[`{branch="embedded",version="${VERSION}"}`, 1]])
  metric('loki_distributor_lines_received_total', 'counter', 'The total number of lines received per tenant', [
    [tenant, counts.lines],
  ])
  metric(
    'loki_distributor_bytes_received_total',
    'counter',
    'The total number of uncompressed bytes received per tenant.',
    [[tenant, counts.bytes]],
  )
  const discarded = [...counts.discarded]
  const reason = (name: string) => `{reason="${name}",tenant="fake"}`
  metric(
    'loki_discarded_samples_total',
    'counter',
    'The total number of samples that were discarded.',
    discarded.map(([name, sum]) => [reason(name), sum.entries]),
  )
  metric(
    'loki_discarded_bytes_total',
    'counter',
    'The total number of bytes that were discarded.',
    discarded.map(([name, sum]) => [reason(name), sum.bytes]),
  )
  metric('loki_ingester_memory_streams', 'gauge', 'The total number of streams in memory per tenant.', [
    [tenant, streams],
  ])
  metric('otel_lab_loki_entries', 'gauge', 'Lines stored.', [['', entries]])
  metric('otel_lab_loki_head_entries', 'gauge', 'Lines in memory, not cut yet.', [['', inMemory]])
  metric('otel_lab_loki_chunk_files', 'gauge', 'Files of cut lines.', [['', chunkFiles]])
  metric('otel_lab_loki_disk_bytes', 'gauge', 'Chunk files and journal.', [['', diskBytes]])
  return `${lines.join('\n')}\n`
}
