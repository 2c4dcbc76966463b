import type { Direction, Entry, Needle } from '../logql/source.ts'
import { type BlockRef, readBlock, readFilter } from './chunk-file.ts'
import { mayEscape } from './filter.ts'
import { SAME_TIME, sameEntry } from './stream.ts'

export interface Window {
  startNanos: bigint
  endNanos: bigint
  direction: Direction
  contains: readonly string[]
  /** Values that a line of use has in its metadata. */
  inMetadata: readonly string[]
  /** Values that a line of use has in its text or in its metadata. */
  needles: readonly Needle[]
}

/** So many lines are passed over before others have their turn. */
const TURN = 2000

/** Entries in order of time, somewhere; opened only when its turn comes. */
interface Run {
  first: bigint
  last: bigint
  open(): Cursor | undefined
}

/** Walks one run in the direction asked for. */
interface Cursor {
  nanos: bigint
  /** Which run was written first; it decides where times are the same. */
  rank: number
  entry(): Entry
  /** False at the end. */
  advance(): boolean
}

/**
 * A stream's entries in the window, from its blocks and what is in memory, merged by time. `onDamage` is told of a
 * block that cannot be read; a block that retention took away meanwhile is simply not there any more.
 */
export function* readEntries(
  blocks: readonly BlockRef[],
  inMemory: readonly (readonly Entry[])[],
  window: Window,
  onDamage: (block: BlockRef, error: Error) => void,
): Generator<Entry | undefined> {
  const { startNanos, endNanos } = window
  const backward = window.direction === 'backward'
  const runs: Run[] = []
  const add = (first: bigint, last: bigint, open: (rank: number) => Cursor | undefined) => {
    const rank = runs.length
    if (first < endNanos && last >= startNanos) runs.push({ first, last, open: () => open(rank) })
  }
  for (const block of blocks) {
    add(block.minNanos, block.maxNanos, (rank) => blockCursor(block, rank, window, onDamage))
  }
  for (const entries of inMemory) {
    if (entries.length > 0) add(entries[0]!.nanos, entries.at(-1)!.nanos, (rank) => memoryCursor(entries, rank, window))
  }
  const waiting = runs.sort((a, b) => order(backward ? b.last - a.last : a.first - b.first))
  const merging = waiting.length > 1
  const cursors: Cursor[] = []
  /** What was given out for this very time, to leave out a line that is in two places. */
  let sameTime: Entry[] = []
  let passedOver = 0
  while (true) {
    let next: Cursor | undefined
    for (const cursor of cursors) if (next === undefined || isBefore(cursor, next, backward)) next = cursor
    const run = waiting[0]
    if (run !== undefined && (next === undefined || (backward ? run.last >= next.nanos : run.first <= next.nanos))) {
      waiting.shift()
      const cursor = run.open()
      if (cursor !== undefined) cursors.push(cursor)
      // Nothing in this one; taking it off the disk took time all the same.
      else yield undefined
      continue
    }
    if (next === undefined) return
    const entry = next.entry()
    if (!next.advance()) cursors.splice(cursors.indexOf(next), 1)
    if (!window.needles.every(({ value }) => mayHold(entry, value))) {
      if (++passedOver % TURN === 0) yield undefined
      continue
    }
    if (merging) {
      if (sameTime[0]?.nanos !== entry.nanos) sameTime = []
      else if (sameTime.some((other) => sameEntry(other, entry))) continue
      if (sameTime.length < SAME_TIME) sameTime.push(entry)
    }
    yield entry
  }
}

function mayHold({ line, metadata }: Entry, value: string): boolean {
  return line.includes(value) || metadata.some(([, own]) => own === value) || mayEscape(line)
}

const order = (difference: bigint) => (difference < 0n ? -1 : difference > 0n ? 1 : 0)

function isBefore(a: Cursor, b: Cursor, backward: boolean): boolean {
  if (a.nanos !== b.nanos) return backward ? a.nanos > b.nanos : a.nanos < b.nanos
  return backward ? a.rank > b.rank : a.rank < b.rank
}

function blockCursor(
  ref: BlockRef,
  rank: number,
  window: Window,
  onDamage: (block: BlockRef, error: Error) => void,
): Cursor | undefined {
  try {
    const { contains, inMetadata, needles } = window
    if (contains.length + inMetadata.length + needles.length > 0) {
      const filter = readFilter(ref)
      if (filter !== undefined) {
        if (!contains.every((text) => filter.mayContain(text))) return undefined
        if (!inMetadata.every((value) => filter.mayHaveLabelValue(value))) return undefined
        if (!needles.every((one) => filter.mayHold(one))) return undefined
      }
    }
    const block = readBlock(ref)
    if (!block.mayContain(window.contains) || !block.mayHaveLabelValue(window.inMetadata)) return undefined
    return cursor(
      block.count,
      (i) => block.times[i]!,
      (i) => block.entry(i),
      rank,
      window,
    )
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onDamage(ref, error as Error)
    return undefined
  }
}

function memoryCursor(entries: readonly Entry[], rank: number, window: Window): Cursor | undefined {
  // A copy: lines that arrive while somebody reads would move the others about.
  const copy = entries.slice()
  return cursor(
    copy.length,
    (i) => copy[i]!.nanos,
    (i) => copy[i]!,
    rank,
    window,
  )
}

function cursor(
  count: number,
  time: (index: number) => bigint,
  entry: (index: number) => Entry,
  rank: number,
  { startNanos, endNanos, direction }: Window,
): Cursor | undefined {
  const from = firstAtOrAfter(count, time, startNanos)
  const to = firstAtOrAfter(count, time, endNanos)
  if (from >= to) return undefined
  const step = direction === 'backward' ? -1 : 1
  let at = direction === 'backward' ? to - 1 : from
  const self: Cursor = {
    nanos: time(at),
    rank,
    entry: () => entry(at),
    advance() {
      at += step
      if (at < from || at >= to) return false
      self.nanos = time(at)
      return true
    },
  }
  return self
}

function firstAtOrAfter(count: number, time: (index: number) => bigint, nanos: bigint): number {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    if (time(middle) < nanos) low = middle + 1
    else high = middle
  }
  return low
}
