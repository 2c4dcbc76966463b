import { table } from '../util/table.ts'

const TITLES: Record<string, string> = table({
  sdk: 'SDK queue',
  send: 'to the collector',
  receive: 'collector: receive, process',
  ingest: 'backend ingest',
  cut: "Tempo's cut",
  scrape: 'wait for the scrape',
  tail: 'tail',
  query: 'query',
  unexplained: 'unexplained',
})

/** A hop's name for people: `processor/batch` is `processor batch`. */
export function hopTitle(key: string): string {
  const known = TITLES[key]
  if (known) return known
  const slash = key.indexOf('/')
  return key.startsWith('exporter/')
    ? `queue and export ${key.slice(9)}`
    : `${key.slice(0, slash)} ${key.slice(slash + 1)}`
}
