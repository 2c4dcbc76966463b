import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { diskError } from '../journal/disk-error.ts'
import { type Journal, type JournalOptions, openJournal } from '../journal.ts'
import { labelOf } from './labels.ts'
import type { Entry, Labels, LogSource, Matcher, Selection, Stream } from './logql/source.ts'
import { type ChunkFile, writeChunkFile } from './store/chunk-file.ts'
import { beginAt, defineStream, type Loaded, loadChunks, replay, type StoreLog } from './store/load.ts'
import { readEntries } from './store/read.ts'
import { type Batch, encodeRecord } from './store/record.ts'
import type { LogStream } from './store/stream.ts'

export interface StoreSetup {
  dir: string
  log: StoreLog
  /** Lines older than this go; 0 keeps them. */
  retentionMs: number
  /** Chunk files and journal together may take so much; the oldest chunks go first. */
  maxDiskBytes: number
  /** Lines and metadata in memory past which they are cut into a chunk file. */
  headBytes?: number
  /** Lines older than this are cut too. */
  maxHeadAgeMs?: number
  now: () => number
  journal?: Pick<JournalOptions, 'open' | 'sync'>
}

export interface Commit {
  stream: LogStream
  entries: readonly Entry[]
}

const HEAD_BYTES = 12 << 20
/** After a failed cut the next push does not try again at once. */
const RETRY_MS = 5000

/**
 * All log lines: acknowledged ones are in the journal and in memory, and once cut, in chunk files. Memory holds the
 * newest lines and an index of the blocks on disk, whatever the number of lines.
 */
export class LogStore implements LogSource {
  readonly #setup: Required<Omit<StoreSetup, 'journal'>>
  readonly #journal: Journal
  readonly #streams: Map<string, LogStream>
  readonly #files: ChunkFile[]
  #lastNumber: number
  /** Commits under way. A cut waits for them, and new ones wait for it to take the heads. */
  readonly #commits = new Set<Promise<unknown>>()
  #gate: Promise<void> | undefined
  #cut: Promise<void> | undefined
  #headBytes = 0
  #nextCut = 0
  #failing = false
  readonly #listeners = new Set<(commits: readonly Commit[]) => void>()

  private constructor(setup: Required<Omit<StoreSetup, 'journal'>>, journal: Journal, loaded: Loaded) {
    this.#setup = setup
    this.#journal = journal
    this.#streams = loaded.streams
    this.#files = loaded.files
    this.#lastNumber = loaded.lastNumber
    for (const { headBytes } of loaded.streams.values()) this.#headBytes += headBytes
  }

  /** Throws LabError `disk-full` or `disk-failed`. */
  static async open(setup: StoreSetup): Promise<LogStore> {
    const chunks = join(setup.dir, 'chunks')
    const loaded = await loadChunks(chunks, setup.log).catch((error) => {
      throw diskError(error, chunks)
    })
    const journalDir = join(setup.dir, 'journal')
    await beginAt(journalDir, loaded.coversBefore)
    const journal = await openJournal(journalDir, {
      ...setup.journal,
      onRecord: (bytes, segment) => {
        if (segment >= loaded.coversBefore) replay(bytes, loaded, setup.log, setup.now)
      },
      onTruncated: (detail) => setup.log('warn', 'cut an unfinished write off the journal', { ...detail }),
      onDamaged: (detail) => setup.log('error', 'part of the journal is damaged; went on behind it', { ...detail }),
    })
    // What a crash left between writing a chunk file and dropping its part of the journal.
    await journal.dropBefore(loaded.coversBefore)
    return new LogStore({ headBytes: HEAD_BYTES, maxHeadAgeMs: 2 * 3_600_000, ...setup }, journal, loaded)
  }

  get stats() {
    let entries = 0
    for (const file of this.#files) entries += file.entries
    let inMemory = 0
    for (const { head, cutting } of this.#streams.values()) inMemory += head.length + cutting.length
    return {
      streams: this.#streams.size,
      entries: entries + inMemory,
      inMemory,
      chunkFiles: this.#files.length,
      diskBytes: this.#diskBytes,
    }
  }

  get #diskBytes(): number {
    return this.#files.reduce((sum, { bytes }) => sum + bytes, this.#journal.bytes)
  }

  find(labels: Labels): LogStream | undefined {
    return this.#streams.get(JSON.stringify(labels))
  }

  /** The stream, made when it is not there yet. */
  define(labels: Labels): LogStream {
    return defineStream(this.#streams, labels)
  }

  /** Streams with a line since `sinceMs`. */
  countActive(sinceMs: number): number {
    let count = 0
    for (const { lastPush, pending } of this.#streams.values()) if (lastPush >= sinceMs || pending > 0) count++
    return count
  }

  all(): Iterable<LogStream> {
    return this.#streams.values()
  }

  /**
   * Puts lines into the journal, then shows them to queries. Rejects with LabError `disk-full` or `disk-failed`; then
   * none of them counts.
   */
  async commit(commits: readonly Commit[]): Promise<void> {
    for (const { stream } of commits) stream.pending++
    try {
      // Twice the budget: the disk does not keep up, so the senders wait.
      if (this.#headBytes > 2 * this.#setup.headBytes && this.#cut !== undefined) await this.#cut
      while (this.#gate !== undefined) await this.#gate
      const work = this.#write(commits)
      this.#commits.add(work)
      await work.finally(() => this.#commits.delete(work))
    } finally {
      for (const { stream } of commits) stream.pending--
    }
    if (this.#headBytes > this.#setup.headBytes && this.#setup.now() >= this.#nextCut) void this.flush()
  }

  async #write(commits: readonly Commit[]): Promise<void> {
    await this.#journal.append(() =>
      encodeRecord(commits.map(({ stream: { labels }, entries }): Batch => ({ labels, entries }))),
    )
    const now = this.#setup.now()
    const shown: Commit[] = []
    for (const { stream, entries } of commits) {
      const before = stream.headBytes
      const added = entries.filter((entry) => stream.insert(entry))
      stream.lastPush = now
      this.#headBytes += stream.headBytes - before
      if (added.length > 0) shown.push({ stream, entries: added })
    }
    for (const listener of this.#listeners) listener(shown)
  }

  /** Calls `listener` with lines as they become visible, until the function it returns is called. */
  listen(listener: (commits: readonly Commit[]) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Cuts all that is in memory into a chunk file. A failure is logged, and the lines stay where they were. */
  flush(): Promise<void> {
    const { dir, log, now } = this.#setup
    this.#cut ??= this.#cutHeads()
      .then(() => {
        if (this.#failing) log('info', 'chunks can be written again')
        this.#failing = false
      })
      .catch((error) => {
        const err = diskError(error, dir).message
        if (!this.#failing) log('error', 'cannot write a chunk; its lines stay in the journal', { err })
        this.#failing = true
        this.#nextCut = now() + RETRY_MS
      })
      .finally(() => {
        this.#cut = undefined
      })
    return this.#cut
  }

  async #cutHeads(): Promise<void> {
    let open = () => {}
    this.#gate = new Promise((resolve) => {
      open = resolve
    })
    let segment: number
    const taken: LogStream[] = []
    try {
      await Promise.allSettled([...this.#commits])
      segment = await this.#journal.rotate()
      for (const stream of this.#streams.values()) {
        if (stream.head.length === 0) continue
        stream.cutting = stream.head
        stream.head = []
        stream.headBytes = 0
        taken.push(stream)
      }
      this.#headBytes = 0
    } finally {
      this.#gate = undefined
      open()
    }
    if (taken.length === 0) return
    const number = ++this.#lastNumber
    try {
      const contents = await writeChunkFile(
        join(this.#setup.dir, 'chunks'),
        number,
        taken.map(({ labels, cutting }) => ({ labels, entries: cutting })),
        segment,
      )
      this.#files.push(contents.file)
      contents.streams.forEach(({ blocks }, i) => {
        taken[i]!.blocks.push(...blocks)
        taken[i]!.cutting = []
      })
    } catch (error) {
      for (const stream of taken) {
        const back = stream.cutting
        stream.cutting = []
        const before = stream.headBytes
        for (const entry of back) stream.insert(entry)
        this.#headBytes += stream.headBytes - before
      }
      throw error
    }
    await this.#journal.dropBefore(segment)
  }

  /** Cuts what has been in memory for long, and drops what is too old or too much. */
  async maintain(): Promise<void> {
    const { now, maxHeadAgeMs, retentionMs, maxDiskBytes } = this.#setup
    const oldest = BigInt(now() - maxHeadAgeMs) * 1_000_000n
    for (const { head } of this.#streams.values()) {
      if (head.length === 0 || head[0]!.nanos >= oldest) continue
      await this.flush()
      break
    }
    const cutoff = BigInt(now() - retentionMs) * 1_000_000n
    for (const file of [...this.#files]) {
      if (retentionMs > 0 && file.maxNanos < cutoff) await this.#drop(file, 'older than retention_period')
    }
    while (this.#diskBytes > maxDiskBytes && this.#files.length > 0) {
      const file = this.#files.reduce((a, b) => (b.maxNanos < a.maxNanos ? b : a))
      await this.#drop(file, `the store is larger than ${maxDiskBytes} bytes`)
    }
    for (const [key, stream] of this.#streams) if (stream.isEmpty) this.#streams.delete(key)
  }

  async #drop(file: ChunkFile, why: string): Promise<void> {
    await rm(file.path, { force: true })
    this.#files.splice(this.#files.indexOf(file), 1)
    for (const stream of this.#streams.values()) {
      if (stream.blocks.some((block) => block.file === file)) {
        stream.blocks = stream.blocks.filter((block) => block.file !== file)
      }
    }
    this.#setup.log('warn', 'deleted the oldest log lines', {
      why,
      lines: file.entries,
      upTo: new Date(Number(file.maxNanos / 1_000_000n)).toISOString(),
      freedBytes: file.bytes,
    })
  }

  *select({
    matchers,
    startNanos,
    endNanos,
    direction,
    contains,
    labelValues = [],
    needles = [],
  }: Selection): Iterable<Stream> {
    const onDamage = (block: { file: ChunkFile; offset: number }, error: Error) =>
      this.#setup.log('error', 'cannot read a chunk', { file: block.file.path, at: block.offset, err: error.message })
    for (const stream of this.matching(matchers, startNanos, endNanos)) {
      const isElsewhere = (value: string) => !stream.labels.some(([, own]) => own === value)
      const inMetadata = labelValues.filter(isElsewhere)
      const wanted = needles.filter(({ value }) => isElsewhere(value))
      yield {
        labels: stream.labels,
        entries: () =>
          readEntries(
            stream.blocks,
            [stream.cutting, stream.head],
            { startNanos, endNanos, direction, contains, inMetadata, needles: wanted },
            onDamage,
          ),
      }
    }
  }

  /** Streams that match and may have a line in startNanos <= t < endNanos. */
  *matching(matchers: readonly Matcher[], startNanos: bigint, endNanos: bigint): Iterable<LogStream> {
    for (const stream of [...this.#streams.values()]) {
      if (!matchers.every((m) => m.matches(labelOf(stream.labels, m.name) ?? ''))) continue
      if (stream.mayOverlap(startNanos, endNanos)) yield stream
    }
  }

  /** Ends after what was acknowledged is on disk. */
  async close(): Promise<void> {
    this.#listeners.clear()
    await this.#cut
    await this.#journal.close()
  }
}
