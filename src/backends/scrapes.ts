import { parseDuration } from '../util/duration.ts'
import type { PrometheusClient } from './prometheus.ts'

/** What Prometheus fetches, and how often, as it writes a duration. */
export interface Scrape {
  url: string
  interval: string
}

/**
 * The active targets; for its first five seconds Prometheus has none, and then those that its config in force names.
 * Empty where it tells of neither.
 */
export async function scrapesOf(prometheus: Pick<PrometheusClient, 'targets' | 'config'>): Promise<Scrape[]> {
  const targets: Scrape[] = await prometheus.targets().catch(() => [])
  return targets.length > 0 ? targets : configured(await prometheus.config().catch(() => ''))
}

/** The longest wait until it comes to anything that it fetches, in milliseconds; undefined where it tells of none. */
export async function scrapeIntervalOf(prometheus: Pick<PrometheusClient, 'targets' | 'config'>) {
  const intervals = (await scrapesOf(prometheus)).flatMap(({ interval }) => parseDuration(interval) ?? [])
  return intervals.length > 0 ? Math.max(...intervals) : undefined
}

interface Job {
  scrape_interval?: unknown
  scheme?: unknown
  metrics_path?: unknown
  static_configs?: unknown
}

/** By the defaults of Prometheus. */
async function configured(yaml: string): Promise<Scrape[]> {
  const { boundedDocument } = await import('../util/yaml.ts')
  const document = boundedDocument(yaml, { logLevel: 'silent' })
  if (document.errors.length > 0) return []
  const { global, scrape_configs: jobs }: { global?: Job; scrape_configs?: unknown } =
    document.toJS({ maxAliasCount: 100 }) ?? {}
  return listOf<Job | null>(jobs).flatMap((job) =>
    listOf<{ targets?: unknown } | null>(job?.static_configs).flatMap((group) =>
      listOf(group?.targets).map((target) => ({
        url: `${job?.scheme ?? 'http'}://${target}${job?.metrics_path ?? '/metrics'}`,
        interval: String(job?.scrape_interval ?? global?.scrape_interval ?? '1m'),
      })),
    ),
  )
}

const listOf = <T>(value: unknown): T[] => (Array.isArray(value) ? value : [])
