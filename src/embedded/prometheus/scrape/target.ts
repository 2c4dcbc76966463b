import { formatModelDuration, modelDurationMs } from '../../series/model-duration.ts'
import type { ScrapeConfig } from '../config/scrape-config.ts'
import { relabel } from '../relabel.ts'

export interface Target {
  job: ScrapeConfig
  /** Public labels, without `__` ones: what every sample of it gets. */
  labels: Map<string, string>
  /** All labels before relabelling, for the targets page. */
  discovered: Map<string, string>
  scheme: string
  /** `host:port` as the config names it. */
  address: string
  path: string
  params: URLSearchParams
  intervalMs: number
  timeoutMs: number
  /** As the config writes it, for messages and pages. */
  url: string
}

export interface DroppedTarget {
  job: string
  discovered: Map<string, string>
}

/** The targets of a job, relabelled, as Prometheus's PopulateLabels does; those that relabelling drops apart. */
export function targetsOf(job: ScrapeConfig): { active: Target[]; dropped: DroppedTarget[] } {
  const active = new Map<string, Target>()
  const dropped: DroppedTarget[] = []
  for (const group of job.staticConfigs) {
    for (const address of group.targets) {
      const discovered = discoveredLabels(job, address, group.labels)
      const labels = new Map(discovered)
      if (!relabel(labels, job.relabel) || (labels.get('__address__') ?? '') === '') {
        dropped.push({ job: job.jobName, discovered })
        continue
      }
      const target = finish(job, discovered, labels)
      active.set(targetKey(target), target)
    }
  }
  return { active: [...active.values()], dropped }
}

function discoveredLabels(job: ScrapeConfig, address: string, extra: Record<string, string>): Map<string, string> {
  const labels = new Map([
    ['__address__', address],
    ['__metrics_path__', job.metricsPath],
    ['__scheme__', job.scheme],
    ['__scrape_interval__', formatModelDuration(job.intervalMs)],
    ['__scrape_timeout__', formatModelDuration(job.timeoutMs)],
    ['job', job.jobName],
  ])
  for (const [name, values] of Object.entries(job.params)) if (values[0]) labels.set(`__param_${name}`, values[0])
  for (const [name, value] of Object.entries(extra)) labels.set(name, value)
  return new Map(sorted([...labels]))
}

const sorted = (pairs: [string, string][]) => pairs.sort(([a], [b]) => (a < b ? -1 : 1))

function finish(job: ScrapeConfig, discovered: Map<string, string>, labels: Map<string, string>): Target {
  const take = (name: string, fallback: string) => labels.get(name) ?? fallback
  const address = take('__address__', '')
  if (!labels.has('instance')) labels.set('instance', address)
  const params = new URLSearchParams()
  for (const [name, values] of Object.entries(job.params))
    for (const value of values.slice(1)) params.append(name, value)
  for (const [name, value] of labels) if (name.startsWith('__param_')) params.append(name.slice(8), value)
  const scheme = take('__scheme__', job.scheme)
  const path = take('__metrics_path__', job.metricsPath)
  const query = params.size > 0 ? `?${params}` : ''
  return {
    job,
    discovered,
    labels: new Map(sorted([...labels].filter(([name, value]) => !name.startsWith('__') && value !== ''))),
    scheme,
    address,
    path,
    params,
    intervalMs: modelDurationMs(take('__scrape_interval__', '')) || job.intervalMs,
    timeoutMs: modelDurationMs(take('__scrape_timeout__', '')) || job.timeoutMs,
    url: `${scheme}://${address}${path}${query}`,
  }
}

/** Two targets with the same labels and URL are one. */
export function targetKey(target: Target): string {
  return `${target.url}\n${[...target.labels]
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('\n')}`
}

/** How long after each multiple of the interval this target is scraped: spread by hash, the same at every start. */
export function offsetMs(target: Target): number {
  // FNV-1a, 64 bits, as Prometheus hashes targets.
  let hash = 0xcbf29ce484222325n
  for (const byte of Buffer.from(targetKey(target))) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return Number(hash % BigInt(target.intervalMs))
}
