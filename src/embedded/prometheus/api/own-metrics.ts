import type { ScrapeManager } from '../scrape/manager.ts'
import type { Store } from '../store.ts'
import { formatValue } from './values.ts'

/** The page that Prometheus has of itself: the few of its metrics that mean something here. */
export function ownMetrics(store: Store, scrapes: ScrapeManager, version: string, startedAt: number): string {
  const jobs = new Map<string, number>()
  for (const { target } of scrapes.scrapers) jobs.set(target.job.jobName, (jobs.get(target.job.jobName) ?? 0) + 1)
  const memory = process.memoryUsage()
  const metric = (name: string, type: string, help: string, samples: [string, number][]) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} ${type}`,
    ...samples.map(([labels, value]) => `${name}${labels} ${formatValue(value)}`),
  ]
  return [
    ...metric('prometheus_build_info', 'gauge', 'A constant 1, labelled by the version that is followed.', [
      [`{version="${version}",revision="otel-lab-embedded"}`, 1],
    ]),
    ...metric('prometheus_ready', 'gauge', 'Whether startup was completed.', [['', 1]]),
    ...metric('prometheus_tsdb_head_series', 'gauge', 'Series in memory.', [['', store.head.size]]),
    ...metric('prometheus_tsdb_head_samples_appended_total', 'counter', 'Samples stored since the start.', [
      ['{type="float"}', store.appended],
    ]),
    ...metric('prometheus_tsdb_exemplar_exemplars_in_storage', 'gauge', 'Exemplars in memory.', [
      ['', store.exemplars.size],
    ]),
    ...metric('prometheus_tsdb_wal_storage_size_bytes', 'gauge', 'Size of the journal on disk.', [['', store.bytes]]),
    ...metric('prometheus_tsdb_wal_writes_failed_total', 'counter', 'Commits that the disk refused.', [
      ['', store.failures],
    ]),
    ...metric(
      'prometheus_target_scrape_pool_targets',
      'gauge',
      'Targets by scrape pool.',
      [...jobs].map(([job, count]) => [`{scrape_job=${JSON.stringify(job)}}`, count]),
    ),
    ...metric('process_resident_memory_bytes', 'gauge', 'Resident memory of the whole lab process.', [
      ['', memory.rss],
    ]),
    ...metric('process_start_time_seconds', 'gauge', 'When this Prometheus started.', [['', startedAt / 1000]]),
    '',
  ].join('\n')
}
