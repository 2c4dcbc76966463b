import type { Hono } from 'hono'
import { formOrQuery } from '../../http.ts'
import { compareLabels, type Labels, labelPairs, labelValue } from '../../series/labels.ts'
import { sampleAt } from '../store/read.ts'
import type { MemorySeries } from '../store/series.ts'
import type { Store } from '../store.ts'
import { matchParameter } from './parameters.ts'
import { formatValue } from './values.ts'

const LOOKBACK_MS = 300_000

/** /federate: the newest samples of the selected series, as a page that another Prometheus can scrape. */
export function addFederation(
  app: Hono,
  store: Store,
  externalLabels: () => Record<string, string>,
  now: () => number,
): void {
  app.get('/federate', async (c) => {
    const found = new Set<MemorySeries>()
    for (const matchers of matchParameter(await formOrQuery(c))) {
      for (const series of store.head.select(matchers)) found.add(series)
    }
    const lines: string[] = []
    let family = ''
    const nameOf = (labels: Labels) => labelValue(labels, '__name__')
    const order = (a: MemorySeries, b: MemorySeries) => {
      const [x, y] = [nameOf(a.labels), nameOf(b.labels)]
      return x === y ? compareLabels(a.labels, b.labels) : x < y ? -1 : 1
    }
    for (const series of [...found].sort(order)) {
      const sample = sampleAt(series, now(), LOOKBACK_MS)
      if (sample === undefined) continue
      const name = nameOf(series.labels)
      if (name !== family) lines.push(`# TYPE ${metricName(name)} untyped`)
      family = name
      lines.push(`${seriesText(series.labels, externalLabels())} ${formatValue(sample.value)} ${sample.time}`)
    }
    c.header('content-type', 'text/plain; version=0.0.4; charset=utf-8; escaping=allow-utf-8')
    return c.body(lines.map((line) => `${line}\n`).join(''))
  })
}

const PLAIN = /^[a-zA-Z_:][\w:]*$/

/** A name beyond the classic alphabet is quoted. */
const metricName = (name: string) => (PLAIN.test(name) ? name : quote(name))

function seriesText(labels: Labels, external: Record<string, string>): string {
  const name = labelValue(labels, '__name__')
  const own = new Map([...labelPairs(labels)].filter(([label]) => label !== '__name__'))
  // Federation always names the instance, so that the scraper's own does not slip in.
  if (!own.has('instance')) own.set('instance', '')
  for (const [label, value] of Object.entries(external)) if (!own.has(label)) own.set(label, value)
  const pairs = [...own].map(([label, value]) => `${PLAIN.test(label) ? label : quote(label)}=${quote(value)}`)
  return PLAIN.test(name) ? `${name}{${pairs.join(',')}}` : `{${[quote(name), ...pairs].join(',')}}`
}

const quote = (text: string) => `"${text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')}"`
