import { parseDuration } from '../util/duration.ts'
import type { PrometheusClient, ScrapeTarget } from './prometheus.ts'

/**
 * The active targets; for its first five seconds Prometheus has none, and then those that its config in force names.
 * Empty where it tells of neither.
 */
export async function scrapesOf(prometheus: Pick<PrometheusClient, 'targets' | 'config'>): Promise<ScrapeTarget[]> {
  const targets = await prometheus.targets().catch(() => [])
  return targets.length > 0 ? targets : targetsIn(await prometheus.config().catch(() => ''))
}

/** The longest wait until it comes to anything that it fetches, in milliseconds; undefined where it tells of none. */
export async function scrapeIntervalOf(prometheus: Pick<PrometheusClient, 'targets' | 'config'>) {
  const intervals = (await scrapesOf(prometheus)).flatMap(({ interval }) => parseDuration(interval) ?? [])
  return intervals.length > 0 ? Math.max(...intervals) : undefined
}

interface Job {
  job_name?: unknown
  scrape_interval?: unknown
  scheme?: unknown
  metrics_path?: unknown
  static_configs?: unknown
}

/** The targets that a config names itself, with Prometheus' defaults; nobody has been there yet. */
export async function targetsIn(yaml: string): Promise<ScrapeTarget[]> {
  const { boundedDocument } = await import('../util/yaml.ts')
  const document = boundedDocument(yaml, { logLevel: 'silent' })
  if (document.errors.length > 0) return []
  const { global, scrape_configs: jobs }: { global?: Job; scrape_configs?: unknown } =
    document.toJS({ maxAliasCount: 100 }) ?? {}
  return listOf<Job | null>(jobs).flatMap((job) =>
    listOf<{ targets?: unknown } | null>(job?.static_configs).flatMap((group) =>
      listOf(group?.targets).map((target) => ({
        ...{ job: String(job?.job_name), health: 'unknown' as const, lastError: '' },
        labels: { job: String(job?.job_name), instance: String(target) },
        url: `${job?.scheme ?? 'http'}://${target}${job?.metrics_path ?? '/metrics'}`,
        interval: String(job?.scrape_interval ?? global?.scrape_interval ?? '1m'),
      })),
    ),
  )
}

const listOf = <T>(value: unknown): T[] => (Array.isArray(value) ? value : [])
