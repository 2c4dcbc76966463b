import type { ScrapeTarget } from '../../backends/prometheus.ts'
import { parseDuration } from '../../util/duration.ts'
import type { Hop } from '../contract.ts'
import type { Scrapes } from '../facts/scrapes.ts'
import type { Facts } from '../facts.ts'
import { pipelinesOf } from '../read/topology.ts'
import { addressOf } from '../settings.ts'
import { tallyAt } from '../way.ts'
import { countedExport } from './counted.ts'

const LONG_MS = 60_000
const RESTART = 'otel-lab restart prometheus'

/** Did Prometheus come and fetch the page that the run's metrics are on? */
export function judgeScrape(facts: Facts): Hop {
  const hop = 'scrape' as const
  const { scrapes, configs, ready } = facts
  if (scrapes === undefined) {
    return {
      hop,
      state: 'unknown',
      known: [],
      seen: ready.ready ? 'Prometheus does not tell of its targets' : 'Prometheus does not answer',
      next: 'otel-lab open prometheus, and look at Status, Targets',
    }
  }
  const pages = pagesOf(facts)
  if (configs.topology && pages.length === 0)
    return {
      hop,
      state: 'unknown',
      known: [configs.from],
      seen: 'no Prometheus exporter is in the metrics pipeline: there is no page to fetch',
    }
  const wanted = pages.map(({ port }) => port)
  const visits = scrapes.targets.filter((target) => configs.topology === undefined || wanted.includes(portOf(target)))
  if (facts.arrival.found)
    return {
      hop,
      state: 'passed',
      known: ['backend'],
      seen: `it fetched them${visits[0] ? ` from ${visits[0].url}` : ''}`,
    }
  const target = visits.find(({ health }) => health === 'up') ?? visits[0]
  if (target === undefined) return noVisit(scrapes, pages)
  const job = scrapes.jobs?.get(target.job) ?? {}
  if (target.health === 'down') {
    const down = fault(
      scrapes,
      'target-down',
      'dropped',
      `Prometheus cannot fetch ${target.url}: ${target.lastError || 'the target is down'}`,
      'A scrape that fails brings nothing; up{} is 0 for that target',
      `Mend the job ${target.job} in ${scrapes.shown} (or what it visits), then: ${RESTART}`,
    )
    // The scrape that failed may have met a restart.
    return { ...down, mayPass: true }
  }
  if (facts.arrival.disguised) return disguised(facts, scrapes, target)
  const tally = pages.map(({ id }) => tallyAt(facts, { kind: 'exporter', id }))
  const lastIn = Math.max(0, ...tally.map((one) => one.lastIn ?? 0))
  const fetched = tally
    .flatMap(({ passages }) => passages)
    .filter(({ step, peer }) => step === 'sent' && /prometheus/i.test(peer ?? ''))
  const ofRun = fetched.filter(({ runIds }) => runIds.includes(facts.run.runId))
  const interval = parseDuration(target.interval) ?? 15_000
  const dropped = droppedByRules(scrapes, target)
  if (ofRun.length > 0 || (target.lastScrape ?? 0) > lastIn + 1_000) {
    const rules = Array.isArray(job.metric_relabel_configs) || dropped > 0
    if (facts.tap === undefined && lastIn === 0 && !rules) {
      const shown = pages.some(({ id }) => (countedExport(facts, id)?.sent ?? 0) > 0)
      const gone = shown ? expired(scrapes, pages, target, interval) : undefined
      if (gone) return { ...gone, known: ['targets', 'collector metrics', configs.from] }
      return {
        hop,
        state: 'unknown',
        known: ['targets'],
        seen: `${target.url} is up, last fetched ${ago(facts, target)}`,
      }
    }
    if (rules) {
      return fault(
        scrapes,
        'relabel-drops',
        'dropped',
        `the job ${target.job} fetched the page, and dropped ${dropped > 0 ? `${dropped} samples of it` : 'of it'} by its metric_relabel_configs`,
        'metric_relabel_configs are applied after the scrape: what they drop is never stored',
        `Mend metric_relabel_configs of ${target.job} in ${scrapes.shown}, then: ${RESTART}`,
      )
    }
    if (ofRun.length === 0 && lastIn > 0 && facts.tap) {
      return (
        expired(scrapes, pages, target, interval) ??
        fault(
          scrapes,
          'not-on-page',
          'dropped',
          `Prometheus fetched ${target.url} after they came, but they were not on the page`,
          'An exporter shows what it can convert; what it drops its log names',
          'otel-lab logs otel-collector --tail 20',
        )
      )
    }
    return {
      hop,
      state: 'passed',
      known: ['tap', 'targets'],
      seen: `Prometheus fetched ${target.url} ${ago(facts, target)}`,
    }
  }
  const gone = lastIn > 0 && ofRun.length === 0 ? expired(scrapes, pages, target, interval) : undefined
  if (gone && facts.now > lastIn + Math.min(...pages.map(({ expiryMs }) => expiryMs))) return gone
  const next = (target.lastScrape ?? facts.now) + interval
  const waitMs = Math.max(0, next - facts.now)
  if (lastIn === 0 && facts.tap?.whole)
    return {
      hop,
      state: 'unknown',
      known: ['targets'],
      seen: `${target.url} is up and fetched every ${target.interval}; nothing of the run was on it`,
    }
  const seen = `they wait on ${target.url} for the next scrape, every ${target.interval}`
  if (interval <= LONG_MS) return { hop, state: 'held', known: ['targets'], waitMs, seen }
  return fault(
    scrapes,
    'scrape-seldom',
    'held',
    seen,
    'A metric is there for queries only after the next scrape',
    `Shorten scrape_interval of ${target.job} in ${scrapes.shown} (and scrape_timeout with it), then: ${RESTART}`,
  )
}

interface Page {
  id: string
  port: number
  expiryMs: number
}

function pagesOf({ configs }: Facts): Page[] {
  const { topology } = configs
  if (topology === undefined) return []
  const ids = new Set(pipelinesOf(topology, 'metrics').flatMap(({ exporters }) => exporters))
  return [...topology.exporters.values()]
    .filter(({ id, type }) => type === 'prometheus' && ids.has(id))
    .map(({ id, settings }) => ({
      id,
      port: addressOf(String(settings.endpoint ?? ''))?.port ?? 0,
      expiryMs: parseDuration(String(settings.metric_expiration ?? '5m')) ?? 300_000,
    }))
}

const portOf = ({ url }: ScrapeTarget) => addressOf(url)?.port ?? 0

const ago = ({ now }: Facts, { lastScrape }: ScrapeTarget) =>
  lastScrape === undefined ? 'never yet' : `${Math.max(0, (now - lastScrape) / 1000).toFixed(1)} s ago`

function noVisit(scrapes: Scrapes, pages: readonly Page[]): Hop {
  const at = pages.map(({ id, port }) => `otel-collector:${port} (${id})`).join(', ')
  const visited = scrapes.targets.map(({ job, url }) => `${job}: ${url}`)
  const lost = scrapes.targets.find(({ health, lastError }) => health === 'down' && lastError !== '')
  return fault(
    scrapes,
    'no-scrape-job',
    'dropped',
    `no scrape job of Prometheus visits ${at}, where the run's metrics are; its jobs visit ${visited.join(', ') || 'nothing'}${lost ? `, of which ${lost.url} fails: ${lost.lastError}` : ''}`,
    'Metrics wait on a page until Prometheus comes: a wrong port or a job that is gone means that it never does',
    `Let a job in ${scrapes.shown} visit ${at.replace(/ .*/, '')}, then: ${RESTART}`,
  )
}

function disguised(facts: Facts, scrapes: Scrapes, target: ScrapeTarget): Hop {
  const job = scrapes.jobs?.get(target.job) ?? {}
  const honor = job.honor_labels === true
  return fault(
    scrapes,
    honor ? 'labels-changed' : 'no-honor-labels',
    'changed',
    `Prometheus has them, but as ${facts.arrival.disguised}`,
    honor
      ? 'Something renamed the labels job and instance of the app on the way'
      : `Without honor_labels: true the job ${target.job} writes its own job and instance over the app's, whose go to exported_job and exported_instance`,
    honor
      ? `Look at metric_relabel_configs of ${target.job} in ${scrapes.shown}, then: ${RESTART}`
      : `honor_labels: true for ${target.job} in ${scrapes.shown}, then: ${RESTART}`,
  )
}

function droppedByRules({ samples }: Scrapes, { job, labels }: ScrapeTarget): number {
  const counted = samples.get(`${job} ${labels.instance}`)
  return counted === undefined ? 0 : Math.max(0, counted.scraped - counted.kept)
}

/** What nobody fetched in time is no longer shown. */
function expired(scrapes: Scrapes, pages: readonly Page[], target: ScrapeTarget, intervalMs: number): Hop | undefined {
  const page = pages.find(({ expiryMs }) => expiryMs < intervalMs)
  if (page === undefined) return undefined
  return {
    ...fault(
      scrapes,
      'page-expires',
      'dropped',
      `${page.id} shows a metric for ${page.expiryMs / 1000} s (metric_expiration), but Prometheus comes every ${target.interval}`,
      'What has expired before the next scrape is never seen',
      '',
    ),
    next: `otel-lab config patch --set exporters.${page.id}.metric_expiration=5m`,
  }
}

function fault(scrapes: Scrapes, name: string, state: Hop['state'], seen: string, why: string, next: string): Hop {
  const unread = scrapes.differs
    ? `${scrapes.shown} was edited since; Prometheus has not read it. If it is right by now: ${RESTART}`
    : next
  return {
    hop: 'scrape',
    id: 'prometheus',
    state,
    fault: name,
    blame: 'work',
    known: ['targets'],
    seen,
    why,
    next: unread,
  }
}
