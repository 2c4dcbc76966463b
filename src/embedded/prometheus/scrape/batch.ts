import { labelsFrom } from '../../series/labels.ts'
import type { MemorySeries } from '../store/series.ts'
import type { NewExemplar, Sample, Store } from '../store.ts'
import type { ParsedPage } from './page.ts'
import { sampleLabels } from './sample-labels.ts'
import type { Target } from './target.ts'

/** What a target's series are in the store, by the text that the page writes them in; `undefined`: dropped by relabelling. */
export type SeriesCache = Map<string, MemorySeries | undefined>

export interface PageBatch {
  samples: Sample[]
  exemplars: NewExemplar[]
  /** The next scrape's cache: just what this page holds. */
  cache: SeriesCache
  /** Series to be marked stale when the next page lacks them. */
  tracked: Set<MemorySeries>
  scraped: number
  kept: number
  seriesAdded: number
  /** Samples stamped further ahead than a clock may be wrong. */
  ahead: number
}

/** A page's own timestamps may be ahead of the clock by so much. */
const MAX_AHEAD_MS = 600_000
const MAX_EXEMPLAR_LABELS = 128
/** A `_created` older than this makes no zero: the head is closed there. */
const MAX_CREATED_AGE_MS = 3_600_000

/** Turns a page into what the store takes. Throws Error when a limit or an invalid sample fails the scrape. */
export function batchOf(
  page: ParsedPage,
  target: Target,
  store: Store,
  known: SeriesCache,
  scrapeTime: number,
): PageBatch {
  const { job } = target
  const batch: PageBatch = {
    samples: [],
    exemplars: [],
    cache: new Map(),
    tracked: new Set(),
    scraped: 0,
    kept: 0,
    seriesAdded: 0,
    ahead: 0,
  }
  for (const sample of page.samples) {
    batch.scraped++
    let series = known.get(sample.series) ?? batch.cache.get(sample.series)
    if (series === undefined && !known.has(sample.series) && !batch.cache.has(sample.series)) {
      const labels = sampleLabels(sample.labels, target)
      series = labels && store.head.getOrCreate(labels)
      if (series !== undefined) batch.seriesAdded++
    }
    batch.cache.set(sample.series, series)
    if (series === undefined) continue
    batch.kept++
    if (job.sampleLimit > 0 && batch.kept > job.sampleLimit) throw new Error('sample limit exceeded')
    const stamped = job.honorTimestamps && sample.timestampMs !== undefined
    const time = stamped ? sample.timestampMs! : scrapeTime
    if (time > scrapeTime + MAX_AHEAD_MS) {
      batch.ahead++
      continue
    }
    addCreatedZero(batch, series, sample.createdMs, time)
    batch.samples.push({ series, time, value: sample.value, stale: false })
    if (!stamped || job.trackTimestampsStaleness) batch.tracked.add(series)
    if (sample.exemplar !== undefined) addExemplar(batch, series, sample.exemplar, time)
  }
  return batch
}

/** A counter that says when it began was 0 then: rate() sees its first increase. */
function addCreatedZero(batch: PageBatch, series: MemorySeries, createdMs: number | undefined, time: number): void {
  if (createdMs === undefined || createdMs >= time || createdMs < time - MAX_CREATED_AGE_MS) return
  if (series.judge(createdMs, 0, false, 0) === 'added')
    batch.samples.push({ series, time: createdMs, value: 0, stale: false })
}

function addExemplar(
  batch: PageBatch,
  series: MemorySeries,
  exemplar: NonNullable<ParsedPage['samples'][number]['exemplar']>,
  time: number,
): void {
  const length = exemplar.labels.reduce((sum, text) => sum + [...text].length, 0)
  if (length > MAX_EXEMPLAR_LABELS) return
  const pairs: [string, string][] = []
  for (let i = 0; i < exemplar.labels.length; i += 2) pairs.push([exemplar.labels[i]!, exemplar.labels[i + 1]!])
  batch.exemplars.push({
    series,
    labels: labelsFrom(pairs),
    time: exemplar.timestampMs === undefined ? time : Math.trunc(exemplar.timestampMs),
    value: exemplar.value,
    timed: exemplar.timestampMs !== undefined,
  })
}
