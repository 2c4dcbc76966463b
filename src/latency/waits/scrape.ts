import { parseDuration } from '../../util/duration.ts'
import type { Wait } from '../budget.ts'

/** How often Prometheus fetches the collector's page: the target on its port, else the slowest of all. */
export function scrapeInterval(
  targets: readonly { url: string; interval: string }[],
  port: number | undefined,
): Wait[] {
  const intervals = (list: typeof targets) =>
    list.map(({ interval }) => parseDuration(interval)).filter((ms) => ms !== undefined)
  const ours = intervals(targets.filter(({ url }) => port !== undefined && portOf(url) === port))
  const all = ours.length > 0 ? ours : intervals(targets)
  return all.length > 0 ? [{ hop: 'scrape', name: 'scrape_interval', ms: Math.max(...all), kind: 'clock' }] : []
}

function portOf(url: string): number | undefined {
  return URL.canParse(url) ? Number(new URL(url).port) : undefined
}
