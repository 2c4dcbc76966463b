import type { Hono } from 'hono'
import { formOrQuery } from '../../http.ts'
import { labelsFrom, labelValue } from '../../series/labels.ts'
import { formatModelDuration } from '../../series/model-duration.ts'
import type { ScrapeManager } from '../scrape/manager.ts'
import type { Metadata } from '../scrape/page.ts'
import type { Scraper } from '../scrape/scraper.ts'
import { ApiError, success } from './answers.ts'
import { matchParameter } from './parameters.ts'

/** Go's zero time, for a target that was not scraped yet. */
const NEVER = '0001-01-01T00:00:00Z'

/** /targets, /targets/metadata, /metadata, /scrape_pools. */
export function addTargetRoutes(api: Hono, scrapes: ScrapeManager): void {
  api.get('/targets', async (c) => {
    const params = await formOrQuery(c)
    const state = (params.get('state') ?? '').toLowerCase()
    const shows = (kind: string) => ['', 'any', kind].includes(state)
    const pool = params.get('scrapePool') ?? ''
    const wanted = (name: string) => pool === '' || pool === name
    const active = scrapes.scrapers.filter((s) => wanted(s.target.job.jobName))
    const dropped = scrapes.dropped.filter((d) => wanted(d.job))
    const counts: Record<string, number> = {}
    for (const { job } of dropped) counts[job] = (counts[job] ?? 0) + 1
    return success(c, {
      activeTargets: shows('active') ? active.map((scraper) => activeTarget(scraper)) : [],
      droppedTargets: shows('dropped')
        ? dropped.map((d) => ({ discoveredLabels: Object.fromEntries(d.discovered), scrapePool: d.job }))
        : [],
      droppedTargetCounts: counts,
    })
  })

  api.get('/scrape_pools', (c) => {
    return success(c, { scrapePools: [...new Set(scrapes.scrapers.map((s) => s.target.job.jobName))].sort() })
  })

  api.get('/metadata', async (c) => {
    const params = await formOrQuery(c)
    const metric = params.get('metric') ?? ''
    const perMetric = Number(params.get('limit_per_metric') ?? 0)
    const limit = plainLimit(params)
    const all: Record<string, Metadata[]> = {}
    for (const { metadata } of scrapes.scrapers) {
      for (const [name, entry] of metadata) {
        if (metric !== '' && name !== metric) continue
        all[name] ??= []
        const list = all[name]
        const known = list.some((m) => m.type === entry.type && m.help === entry.help && m.unit === entry.unit)
        if (!known && (perMetric <= 0 || list.length < perMetric)) list.push(entry)
      }
    }
    const names = Object.keys(all)
    return success(c, Object.fromEntries((limit > 0 ? names.slice(0, limit) : names).map((name) => [name, all[name]])))
  })

  api.get('/targets/metadata', async (c) => {
    const params = await formOrQuery(c)
    const limit = plainLimit(params)
    const metric = params.get('metric') ?? ''
    const match = params.get('match_target') ?? ''
    const [matchers = []] = match === '' ? [] : matchParameter(new URLSearchParams([['match[]', match]]))
    const found: unknown[] = []
    for (const { target, metadata } of scrapes.scrapers) {
      const labels = labelsFrom(target.labels)
      if (!matchers.every((m) => m.matches(labelValue(labels, m.name)))) continue
      for (const [name, entry] of metadata) {
        if (metric !== '' && name !== metric) continue
        found.push({ target: Object.fromEntries(target.labels), ...(metric === '' && { metric: name }), ...entry })
      }
    }
    return success(c, limit > 0 ? found.slice(0, limit) : found)
  })
}

function activeTarget(scraper: Scraper) {
  const { target, lastScrape } = scraper
  return {
    discoveredLabels: Object.fromEntries(target.discovered),
    labels: Object.fromEntries(target.labels),
    scrapePool: target.job.jobName,
    scrapeUrl: target.url,
    globalUrl: target.url,
    lastError: scraper.lastError,
    lastScrape: lastScrape === undefined ? NEVER : new Date(lastScrape).toISOString(),
    lastScrapeDuration: scraper.lastDurationSeconds,
    health: scraper.health,
    scrapeInterval: formatModelDuration(target.intervalMs),
    scrapeTimeout: formatModelDuration(target.timeoutMs),
  }
}

/** The older parameter of these two routes: negative means none. */
function plainLimit(params: URLSearchParams): number {
  const text = params.get('limit') ?? ''
  if (!/^-?\d*$/.test(text)) throw new ApiError('bad_data', 'limit must be a number')
  return Math.max(0, Number(text))
}
