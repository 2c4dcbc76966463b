import { mkdir, readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { TracesData } from '../../../otlp/types.ts'
import { diskError } from '../../journal/disk-error.ts'
import { setFileAside } from '../../set-aside.ts'
import type { Trace, TraceNeed, TraceSource } from '../traceql/source.ts'
import { Block } from './block/block.ts'
import { BlockBuilder } from './block/builder.ts'
import { DamagedBlock, readBlock, readTrace, type TraceRows, writeBlock } from './block/file.ts'
import { spanKeysOf } from './live-trace.ts'
import { traceView } from './view.ts'

type Log = (level: string, message: string, fields?: Record<string, unknown>) => void

interface StoredBlock {
  number: number
  path: string
  block: Block
  /** It is being taken out of use. */
  retiring?: Promise<void>
}

/** A trace on its way into a block, with its view where there is one already. */
interface SealedTrace extends TraceRows {
  view?: Trace
}

const byEnd = ({ block: a }: StoredBlock, { block: b }: StoredBlock) =>
  a.endNanos < b.endNanos ? -1 : a.endNanos > b.endNanos ? 1 : 0

/** Blocks with fewer spans than this are put together when there are many of them. */
const SMALL_SPANS = 2000
const MANY_SMALL = 16

/** The blocks of a folder: Parquet on disk, columns in memory. Throws LabError `disk-full` or `disk-failed`. */
export class BlockStore implements TraceSource {
  readonly #dir: string
  readonly #log: Log
  #blocks: StoredBlock[] = []
  #next = 1

  private constructor(dir: string, log: Log) {
    this.#dir = dir
    this.#log = log
  }

  static async open(dir: string, log: Log): Promise<BlockStore> {
    const store = new BlockStore(dir, log)
    try {
      await mkdir(dir, { recursive: true })
      const damaged: [path: string, error: DamagedBlock][] = []
      for (const name of (await readdir(dir)).sort()) {
        if (name.endsWith('.tmp')) await rm(join(dir, name), { force: true })
        const number = Number(/^(\d+)\.parquet$/.exec(name)?.[1] ?? Number.NaN)
        if (Number.isNaN(number)) continue
        const error = await store.#load(number, join(dir, name))
        if (error !== undefined) damaged.push([join(dir, name), error])
      }
      for (const [path, error] of damaged) await store.#setAside(path, error)
    } catch (error) {
      throw diskError(error, dir)
    }
    return store
  }

  async #load(number: number, path: string): Promise<DamagedBlock | undefined> {
    this.#next = Math.max(this.#next, number + 1)
    try {
      this.#add(number, path, await readBlock(path))
    } catch (error) {
      if (error instanceof DamagedBlock) return error
      this.#log('error', 'cannot read a block, it is left alone', { path, err: (error as Error).message })
    }
    return undefined
  }

  /** Goes on without a damaged file, but with those of its traces that can be read and are still wanted. */
  async #setAside(path: string, { saved, message }: DamagedBlock, wanted = (_id: string) => true): Promise<void> {
    const good = saved.filter(({ id }) => wanted(id))
    await this.seal(good)
    const keptIn = await setFileAside(path)
    this.#log('error', 'a block is damaged, it is set aside', { err: message, keptIn, saved_traces: good.length })
  }

  /** After a failed read: what is damaged goes out of use. Returns whether it did; else the trouble is the disk's. */
  async #retire(stored: StoredBlock): Promise<boolean> {
    stored.retiring ??= (async () => {
      const { path, block } = stored
      const error = await readBlock(path).then(
        () => undefined,
        (error) => error,
      )
      if (error instanceof DamagedBlock) await this.#setAside(path, error, (id) => block.rows(id) !== undefined)
      else if (error?.code === 'ENOENT') this.#log('error', 'a block was taken away', { path })
      else throw error ?? new Error(`${path} can be read again`)
      this.#blocks = this.#blocks.filter((one) => one !== stored)
    })()
    try {
      await stored.retiring
      return true
    } catch (error) {
      delete stored.retiring
      this.#log('error', 'cannot read a block', { path: stored.path, err: (error as Error).message })
      return false
    }
  }

  #add(number: number, path: string, traces: readonly SealedTrace[]): void {
    const builder = new BlockBuilder()
    for (const { id, data, view = traceView(id, data) } of traces) {
      // A trace may be in an older block too, whole or in part: the fuller one counts.
      const older = this.#blocks.filter(({ block }) => block.rows(id) !== undefined)
      if (older.length > 0) {
        const own = new Set(spanKeysOf(data))
        for (const { block } of older) if (block.spanKeys(id).every((key) => own.has(key))) block.hide(id)
      }
      builder.add(view)
    }
    this.#blocks.push({ number, path, block: new Block(builder.build()) })
  }

  get spans(): number {
    return this.#blocks.reduce((sum, { block }) => sum + block.spanCount, 0)
  }
  get count(): number {
    return this.#blocks.length
  }
  /** In memory, roughly. */
  get bytes(): number {
    return this.#blocks.reduce((sum, { block }) => sum + block.bytes, 0)
  }

  /** Writes whole traces down as a new block. They are on disk when this resolves. */
  async seal(traces: readonly SealedTrace[]): Promise<void> {
    if (traces.length === 0) return
    const number = this.#next++
    const path = join(this.#dir, `${String(number).padStart(8, '0')}.parquet`)
    try {
      await writeBlock(path, traces)
    } catch (error) {
      throw diskError(error, this.#dir)
    }
    this.#add(number, path, traces)
  }

  /** Makes one block of many small ones. */
  async compact(): Promise<void> {
    const small = this.#blocks.filter(({ block }) => block.spanCount < SMALL_SPANS)
    if (small.length < MANY_SMALL) return
    const traces: TraceRows[] = []
    const read: StoredBlock[] = []
    for (const stored of small) {
      const list = await readBlock(stored.path).catch(() => undefined)
      if (list === undefined) await this.#retire(stored)
      else read.push(stored)
      for (const trace of list ?? []) if (stored.block.rows(trace.id) !== undefined) traces.push(trace)
    }
    await this.seal(traces)
    for (const stored of read) await this.#drop(stored)
    this.#log('info', 'put small blocks together', { blocks: read.length, traces: traces.length })
  }

  async #drop(stored: StoredBlock): Promise<void> {
    this.#blocks = this.#blocks.filter((b) => b !== stored)
    await rm(stored.path, { force: true })
  }

  /** Drops blocks that ended before `endNanos`, and the oldest ones while all take more than `maxBytes`; says so. */
  async expire(endNanos: bigint, maxBytes: number): Promise<void> {
    const oldestFirst = [...this.#blocks].sort(byEnd)
    for (const stored of oldestFirst) {
      const { block, path } = stored
      const old = block.endNanos < endNanos
      if (!old && this.bytes <= maxBytes) return
      await this.#drop(stored)
      this.#log('warn', 'deleted the oldest traces', {
        why: old ? 'older than block_retention' : `blocks take more than ${maxBytes} bytes of memory`,
        spans: block.spanCount,
        upTo: new Date(Number(block.endNanos / 1_000_000n)).toISOString(),
        file: basename(path),
      })
    }
  }

  /** Ids and kinds of the spans that a trace has here. */
  spanKeys(id: string): string[] {
    return this.#blocks.flatMap(({ block }) => block.spanKeys(id))
  }

  has(id: string): boolean {
    return this.#blocks.some(({ block }) => block.rows(id) !== undefined)
  }

  /** All that is here of a trace. What is damaged is left out. */
  async find(id: string): Promise<TracesData> {
    const parts: TracesData[] = []
    const seen = new Set<StoredBlock>()
    for (;;) {
      // What could be saved of a damaged block is in a new one.
      const next = this.#blocks.find((one) => !seen.has(one) && one.block.rows(id) !== undefined)
      if (next === undefined) return parts.flat()
      seen.add(next)
      const part = await readTrace(next.path, next.block.rows(id)!.from).catch(() => undefined)
      if (part !== undefined) parts.push(part)
      else await this.#retire(next)
    }
  }

  /** From now on the trace is whole elsewhere. */
  hide(id: string): void {
    for (const { block } of this.#blocks) block.hide(id)
  }

  /** Of the blocks that are there at the call. */
  traces(startNanos: bigint, endNanos: bigint, need: TraceNeed = 'maybe'): Iterable<Trace> {
    const bound = startNanos > 0n && endNanos > 0n
    const newestFirst = this.#blocks
      .filter(({ block }) => !bound || (block.startNanos <= endNanos && block.endNanos >= startNanos))
      .sort((a, b) => byEnd(b, a))
    return (function* () {
      for (const { block } of newestFirst) yield* block.traces(startNanos, endNanos, need)
    })()
  }
}
