import type { LogExpression } from '../ast.ts'
import { textsNeeded, valuesNeeded } from '../pipeline/needed.ts'
import { compilePipeline } from '../pipeline/pipeline.ts'
import type { ResultLine } from '../results.ts'
import type { Direction, Entry } from '../source.ts'
import { type Context, isTurn } from './context.ts'

export interface LogWindow {
  startNanos: bigint
  endNanos: bigint
  direction: Direction
  limit: number
  intervalNanos: bigint
}

/** One stream half read: its next line that passes the pipeline. */
interface Cursor {
  next: ResultLine
  entries: Iterator<Entry | undefined>
  process: (entry: Entry) => ResultLine | undefined
}

/** The lines of a log query in the order of time, over all streams, up to the limit. */
export async function evaluateLogs(logs: LogExpression, window: LogWindow, context: Context): Promise<ResultLine[]> {
  const pipeline = compilePipeline(logs, context.around)
  const { matchers } = logs
  const hints = { contains: textsNeeded(logs), ...valuesNeeded(logs) }
  const streams = context.source.select({ ...window, matchers, ...hints })
  const before =
    window.direction === 'forward'
      ? (a: Cursor, b: Cursor) => a.next.nanos < b.next.nanos
      : (a: Cursor, b: Cursor) => a.next.nanos > b.next.nanos
  const heap = new CursorHeap(before)
  for (const stream of streams) {
    const cursor: Partial<Cursor> = {
      entries: stream.entries()[Symbol.iterator](),
      process: pipeline.forStream(stream.labels),
    }
    if (await advance(cursor as Cursor, context)) heap.push(cursor as Cursor)
  }
  const lines: ResultLine[] = []
  let last: bigint | undefined
  try {
    while (lines.length < window.limit) {
      const cursor = heap.top
      if (cursor === undefined) break
      const { next } = cursor
      if (last === undefined || farEnough(last, next.nanos, window)) {
        lines.push(next)
        last = next.nanos
      }
      if (await advance(cursor, context)) heap.sink()
      else heap.pop()
    }
  } finally {
    for (const { entries } of heap.all) entries.return?.()
  }
  return lines
}

function farEnough(last: bigint, nanos: bigint, { direction, intervalNanos }: LogWindow): boolean {
  return (direction === 'forward' ? nanos - last : last - nanos) >= intervalNanos
}

/** To the next line that passes; false when the stream is at its end. */
async function advance(cursor: Cursor, context: Context): Promise<boolean> {
  const { statistics } = context
  for (;;) {
    const { done, value } = cursor.entries.next()
    if (done === true) return false
    if (value === undefined || isTurn(context, value.line)) {
      const pause = context.checkpoint()
      if (pause !== undefined) await pause
    }
    if (value === undefined) continue
    statistics.linesProcessed++
    statistics.bytesProcessed += value.line.length
    const line = cursor.process(value)
    if (line === undefined) continue
    statistics.linesFound++
    cursor.next = line
    return true
  }
}

class CursorHeap {
  readonly all: Cursor[] = []
  readonly #before: (a: Cursor, b: Cursor) => boolean

  constructor(before: (a: Cursor, b: Cursor) => boolean) {
    this.#before = before
  }

  get top(): Cursor | undefined {
    return this.all[0]
  }

  push(cursor: Cursor): void {
    const { all } = this
    let at = all.push(cursor) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!this.#before(all[at]!, all[parent]!)) break
      this.#swap(at, parent)
      at = parent
    }
  }

  /** The top has moved on. */
  sink(): void {
    const { all } = this
    let at = 0
    for (;;) {
      let first = at
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < all.length && this.#before(all[child]!, all[first]!)) first = child
      }
      if (first === at) return
      this.#swap(at, first)
      at = first
    }
  }

  pop(): void {
    const last = this.all.pop()
    if (last === undefined || this.all.length === 0) return
    this.all[0] = last
    this.sink()
  }

  #swap(a: number, b: number): void {
    const { all } = this
    ;[all[a], all[b]] = [all[b]!, all[a]!]
  }
}
