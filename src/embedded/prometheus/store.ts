import { type Journal, type JournalOptions, openJournal } from '../journal.ts'
import type { Labels } from '../series/labels.ts'
import { ExemplarRing } from './store/exemplars.ts'
import { Head } from './store/head.ts'
import { encodeCommit, visitCommit } from './store/record.ts'
import type { MemorySeries } from './store/series.ts'

export interface StoreOptions {
  outOfOrderWindowMs: number
  retentionMs: number
  retentionBytes: number
  maxExemplars: number
}

export interface StoreSetup extends StoreOptions {
  dir: string
  seriesLimit: number
  log: (level: 'info' | 'warn' | 'error', message: string, fields: Record<string, unknown>) => void
  journal?: Pick<JournalOptions, 'open' | 'sync'>
}

export interface Sample {
  series: MemorySeries
  time: number
  value: number
  stale: boolean
}

export interface NewExemplar {
  series: MemorySeries
  labels: Labels
  time: number
  value: number
  /** The page said when; else the scrape's time stands in. */
  timed: boolean
}

/** Why samples of a commit did not count. */
export interface CommitResult {
  added: number
  duplicate: number
  outOfOrder: number
  tooOld: number
}

const SEGMENT_BYTES = 8 * 1024 * 1024
/** Without a window, a series that begins may still begin this far behind the newest sample of all. */
const HEAD_SLACK_MS = 3_600_000

/** Everything scraped: in memory for queries, and in the journal before it counts. */
export class Store {
  readonly head: Head
  readonly exemplars: ExemplarRing
  #options: StoreOptions
  readonly #journal: Journal
  readonly #log: StoreSetup['log']
  /** Newest sample per journal segment, so that retention knows which may go. */
  readonly #segments: Map<number, number>
  #maxTime: number
  #failures = 0
  appended = 0

  constructor(setup: StoreSetup, journal: Journal, replayed: Replayed) {
    this.head = replayed.head
    this.exemplars = replayed.exemplars
    this.#segments = replayed.segments
    this.#maxTime = replayed.maxTime
    this.#options = setup
    this.#log = setup.log
    this.#journal = journal
  }

  get bytes(): number {
    return this.#journal.bytes
  }

  get segment(): number {
    return this.#journal.segment
  }

  /** Commits that the disk refused. */
  get failures(): number {
    return this.#failures
  }

  get maxTime(): number {
    return this.#maxTime
  }

  configure(options: StoreOptions): void {
    this.#options = options
    this.exemplars.resize(options.maxExemplars)
  }

  /**
   * Journals, then shows to queries, the samples that fit their series. Rejects with LabError `disk-full` or
   * `disk-failed`; then none of them counts.
   */
  async commit(samples: readonly Sample[], exemplars: readonly NewExemplar[]): Promise<CommitResult> {
    const { fitting, result } = this.#judge(samples)
    const fresh = exemplars.filter((e) => this.exemplars.isNew(e.series, e.labels, e.value, e.time, e.timed))
    if (fitting.length === 0 && fresh.length === 0) return result
    await this.#write(fitting, fresh)
    for (const { series, time, value, stale } of fitting) {
      // Another commit may have come first while this one was being written.
      if (series.judge(time, value, stale, this.#options.outOfOrderWindowMs) !== 'added') continue
      this.head.attach(series)
      series.append(time, value, stale)
    }
    for (const { series, labels, value, time } of fresh) this.exemplars.add(series, labels, value, time)
    result.added = fitting.length
    this.appended += fitting.length
    return result
  }

  #judge(samples: readonly Sample[]) {
    const result: CommitResult = { added: 0, duplicate: 0, outOfOrder: 0, tooOld: 0 }
    const { outOfOrderWindowMs } = this.#options
    const floor = this.#maxTime - Math.max(outOfOrderWindowMs, HEAD_SLACK_MS)
    /** Newest time of each series within this commit. */
    const newest = new Map<MemorySeries, number>()
    const fitting: Sample[] = []
    for (const sample of samples) {
      const { series, time } = sample
      const before = newest.get(series)
      if (time < floor) result.tooOld++
      else if (before === time) result.duplicate++
      else {
        const verdict = series.judge(time, sample.value, sample.stale, outOfOrderWindowMs)
        const late = before !== undefined && time < before && outOfOrderWindowMs === 0
        if (verdict === 'added' && !late) {
          fitting.push(sample)
          newest.set(series, Math.max(before ?? time, time))
        } else if (verdict === 'duplicate') result.duplicate++
        else if (verdict === 'too-old') result.tooOld++
        else if (verdict !== 'same') result.outOfOrder++
      }
    }
    return { fitting, result }
  }

  async #write(samples: readonly Sample[], exemplars: readonly NewExemplar[]): Promise<void> {
    // Each segment defines the series it mentions, so that an older one can be dropped without loss.
    let defined = new Set<MemorySeries>()
    const toWrite = {
      samples: samples.map(({ series, time, value, stale }) => ({ ref: series.ref, time, value, stale })),
      exemplars: exemplars.map(({ series, labels, time, value }) => ({ ref: series.ref, labels, time, value })),
    }
    const asRecord = (into: number) => {
      defined = new Set()
      for (const { series } of [...samples, ...exemplars]) if (series.definedIn !== into) defined.add(series)
      return encodeCommit({ series: [...defined], ...toWrite })
    }
    const { segment } = await this.#journal.append(asRecord).catch((error) => {
      this.#failures++
      throw error
    })
    // Only now: a definition that the disk refused is none.
    for (const series of defined) series.definedIn = segment
    let newest = this.#segments.get(segment) ?? 0
    for (const { time } of samples) newest = Math.max(newest, time)
    this.#segments.set(segment, newest)
    this.#maxTime = Math.max(this.#maxTime, newest)
  }

  /** Retention, segment changes, and forgetting of series without samples. To be called about once a minute. */
  async maintain(now: number): Promise<void> {
    const { retentionMs, retentionBytes } = this.#options
    const segmentBytes = Math.min(SEGMENT_BYTES, retentionBytes / 4)
    if (this.#journal.bytes - this.#oldBytes >= segmentBytes) await this.#rotate()
    let cutoff = now - retentionMs
    for (const [segment, newest] of [...this.#segments]) {
      if (newest >= cutoff || segment === this.#journal.segment) continue
      await this.#drop(segment, 'older than the retention time')
    }
    while (this.#journal.bytes > retentionBytes) {
      const [segment] = [...this.#segments.keys()].sort((a, b) => a - b)
      if (segment === undefined || segment === this.#journal.segment) break
      cutoff = Math.max(cutoff, this.#segments.get(segment)! + 1)
      await this.#drop(segment, 'more than the retention size')
    }
    for (const series of [...this.head.all()]) {
      series.truncateBefore(cutoff)
      if (series.count === 0 && (series.definedIn !== 0 || this.#unborn.has(series))) this.head.remove(series)
    }
    this.#unborn = new Set([...this.head.all()].filter((series) => series.count === 0))
  }

  /**
   * Series without a sample when maintenance last looked: those of a scrape that was being written, and those whose
   * samples were refused, as in a page over its limit. Once seen so twice, a series makes room.
   */
  #unborn = new Set<MemorySeries>()

  /** Journal bytes when the current segment began. */
  #oldBytes = 0

  async #rotate(): Promise<void> {
    await this.#journal.rotate()
    this.#oldBytes = this.#journal.bytes
  }

  async #drop(segment: number, why: string): Promise<void> {
    const before = this.#journal.bytes
    await this.#journal.drop(segment)
    const freed = before - this.#journal.bytes
    this.#oldBytes = Math.max(0, this.#oldBytes - freed)
    this.#log('info', 'Deleting obsolete block', {
      segment,
      why,
      freedBytes: freed,
      newestSample: this.#segments.get(segment),
    })
    this.#segments.delete(segment)
  }

  close(): Promise<void> {
    return this.#journal.close()
  }
}

interface Replayed {
  head: Head
  exemplars: ExemplarRing
  segments: Map<number, number>
  maxTime: number
  /** Of all segments: while one that defines a number is there, the number is not given anew. */
  refs: Map<number, MemorySeries>
  /** Samples whose definition was damaged; the next segment may have it again. */
  orphans: Map<number, Omit<Sample, 'series'>[]>
}

/** Opens the store in `dir` and brings back all that was acknowledged. Throws LabError `disk-full` or `disk-failed`. */
export async function openStore(setup: StoreSetup): Promise<Store> {
  const head = new Head(setup.seriesLimit)
  const replayed: Replayed = {
    head,
    exemplars: new ExemplarRing(setup.maxExemplars),
    segments: new Map(),
    maxTime: 0,
    refs: new Map(),
    orphans: new Map(),
  }
  const journal = await openJournal(setup.dir, {
    ...setup.journal,
    // Segments change under the store's control, so that it knows in which one a series is defined.
    segmentBytes: Number.POSITIVE_INFINITY,
    onRecord: (bytes, segment) => replay(bytes, segment, replayed),
    onTruncated: ({ file, keptBytes, lostBytes }) =>
      setup.log('warn', 'Cut an unfinished write off the journal', { file, keptBytes, lostBytes }),
    onDamaged: (detail) => setup.log('error', 'Part of the journal is damaged; went on behind it', { ...detail }),
  })
  return new Store(setup, journal, replayed)
}

function replay(bytes: Uint8Array, segment: number, into: Replayed): void {
  const { refs, orphans } = into
  let newest = into.segments.get(segment) ?? 0
  const append = (series: MemorySeries, { time, value, stale }: Omit<Sample, 'series'>) => {
    if (series.judge(time, value, stale, Number.POSITIVE_INFINITY) === 'added') series.append(time, value, stale)
  }
  visitCommit(bytes, {
    series(ref, labels) {
      const series = into.head.define(ref, labels)
      series.definedIn = segment
      refs.set(ref, series)
      for (const sample of orphans.get(ref) ?? []) append(series, sample)
      orphans.delete(ref)
    },
    sample(ref, time, value, stale) {
      if (time > newest) newest = time
      const series = refs.get(ref)
      if (series !== undefined) append(series, { time, value, stale })
      else {
        into.head.reserve(ref)
        const waiting = orphans.get(ref)
        if (waiting === undefined) orphans.set(ref, [{ time, value, stale }])
        else waiting.push({ time, value, stale })
      }
    },
    exemplar(ref, labels, time, value) {
      const series = refs.get(ref)
      if (series !== undefined) into.exemplars.add(series, labels, value, time)
    },
  })
  into.segments.set(segment, newest)
  into.maxTime = Math.max(into.maxTime, newest)
}
