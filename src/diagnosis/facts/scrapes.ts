import type { ScrapeTarget } from '../../backends/prometheus.ts'
import { targetsIn } from '../../backends.ts'
import { sameMeaning } from '../../collector-config.ts'
import type { DiagnosisPorts } from '../contract.ts'
import { asMap, type Settings } from '../read/topology.ts'
import { readYaml } from '../read/yaml.ts'

export interface Scrapes {
  targets: ScrapeTarget[]
  /** Jobs of the config that Prometheus runs with, by name; undefined when it does not tell. */
  jobs: Map<string, Settings> | undefined
  /** The lab's file is another text; undefined when nobody can tell. */
  differs: boolean | undefined
  shown: string
  /** Samples of a target's last scrape: on the page, and kept after metric_relabel_configs; by its URL's host and port. */
  samples: Map<string, { scraped: number; kept: number }>
  /** `storage.exemplars.max_exemplars`, where the config says it. */
  maxExemplars?: number
}

export async function lookAtScrapes({
  engine,
  backends: { prometheus },
  configFile,
  signal,
}: DiagnosisPorts): Promise<Scrapes> {
  const call = signal ? { signal } : {}
  const [active, text, running, file, scraped, kept] = await Promise.all([
    prometheus.targets(call),
    prometheus.config(call).catch(() => undefined),
    engine.runningConfig?.('prometheus').catch(() => undefined),
    configFile('prometheus').catch(() => undefined),
    prometheus.vector('scrape_samples_scraped', call).catch(() => []),
    prometheus.vector('scrape_samples_post_metric_relabeling', call).catch(() => []),
  ])
  const read = text === undefined ? undefined : readYaml(text)
  // One that has just started lists none yet, though it will visit them.
  const targets = active.length > 0 || text === undefined ? active : await targetsIn(text)
  const jobs = asMap(read?.value).scrape_configs
  const { exemplars } = asMap(asMap(read?.value).storage)
  // Without a number it is none at all, and Prometheus leaves a zero out when it tells of its config.
  const most = exemplars ? (asMap(exemplars).max_exemplars ?? 0) : undefined
  const samples: Scrapes['samples'] = new Map()
  for (const { labels, value } of scraped) {
    const after = kept.find((one) => one.labels.job === labels.job && one.labels.instance === labels.instance)
    samples.set(`${labels.job} ${labels.instance}`, { scraped: value, kept: after?.value ?? value })
  }
  return {
    targets,
    jobs: Array.isArray(jobs) ? new Map(jobs.map((job) => [String(asMap(job).job_name), asMap(job)])) : undefined,
    differs: running === undefined || file === undefined ? undefined : !sameMeaning(running, file.text),
    shown: file?.shown ?? "Prometheus' config",
    samples,
    ...(typeof most === 'number' ? { maxExemplars: most } : {}),
  }
}
