import type { AppParts } from './parts.ts'

/** The page that Tempo has of itself: the few of its metrics that mean something here. */
export function metricsPage({ stats, ready }: AppParts, version: string): string {
  const { live = 0, blocks = 0, spansReceived = 0 } = stats()
  const tenant = '{tenant="single-tenant"}'
  const metrics: [name: string, type: string, help: string, labels: string, value: number][] = [
    ['tempo_build_info', 'gauge', 'Which Tempo this follows.', `{branch="embedded",version="${version}"}`, 1],
    ['tempo_ready', 'gauge', 'Whether startup was completed.', '', Number(ready())],
    ['tempo_distributor_spans_received_total', 'counter', 'Spans received since the start.', tenant, spansReceived],
    ['tempo_live_store_live_traces', 'gauge', 'Traces that may still grow.', tenant, live],
    ['tempodb_blocklist_length', 'gauge', 'Blocks of cut traces.', tenant, blocks],
    [
      'process_resident_memory_bytes',
      'gauge',
      'Resident memory of the whole lab process.',
      '',
      process.memoryUsage.rss(),
    ],
  ]
  return metrics
    .map(
      ([name, type, help, labels, value]) =>
        `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name}${labels} ${value}\n`,
    )
    .join('')
}
