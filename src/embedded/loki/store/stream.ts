import type { Entry, Labels } from '../logql/source.ts'
import { type BlockRef, entrySize } from './chunk-file.ts'

/** Of lines with one time, so many are compared to find one that is sent twice. */
export const SAME_TIME = 1000
/** What an entry and a pair of its metadata take in memory beside their texts. */
const ENTRY_OVERHEAD = 150
const PAIR_OVERHEAD = 24

/** All that is known of one stream: cut blocks on disk, what is being cut, and the newest lines in memory. */
export class LogStream {
  readonly labels: Labels
  /** In order of time, and of arrival where that is the same. */
  head: Entry[] = []
  /** Taken from the head, on its way to disk. */
  cutting: readonly Entry[] = []
  blocks: BlockRef[] = []
  headBytes = 0
  /** The line that came last, to tell a line that is sent twice. */
  last: Entry | undefined
  /** The newest line's time, which decides how late a late line may be. */
  highestNanos: bigint | undefined
  /** When a line last came, ms: a stream counts as active for a while. */
  lastPush = 0
  /** Commits under way that will add to it. */
  pending = 0
  /** How fast lines may come; made by the ingest when it first needs it. */
  bucket: { take(bytes: number, now: number): boolean } | undefined

  constructor(labels: Labels) {
    this.labels = labels
  }

  /** False when the same line is there already. */
  insert(entry: Entry): boolean {
    const { head } = this
    let at = head.length
    while (at > 0 && head[at - 1]!.nanos > entry.nanos) at--
    const oldest = Math.max(0, at - SAME_TIME)
    for (let i = at - 1; i >= oldest && head[i]!.nanos === entry.nanos; i--)
      if (sameEntry(head[i]!, entry)) return false
    if (at === head.length) head.push(entry)
    else head.splice(at, 0, entry)
    this.headBytes += entrySize(entry) + ENTRY_OVERHEAD + PAIR_OVERHEAD * entry.metadata.length
    this.last = entry
    if (this.highestNanos === undefined || entry.nanos > this.highestNanos) this.highestNanos = entry.nanos
    return true
  }

  get isEmpty(): boolean {
    return this.head.length === 0 && this.cutting.length === 0 && this.blocks.length === 0 && this.pending === 0
  }

  /** Whether it may have an entry in startNanos <= t < endNanos. */
  mayOverlap(startNanos: bigint, endNanos: bigint): boolean {
    const overlaps = (min: bigint, max: bigint) => min < endNanos && max >= startNanos
    for (const part of [this.head, this.cutting]) {
      if (part.length > 0 && overlaps(part[0]!.nanos, part.at(-1)!.nanos)) return true
    }
    return this.blocks.some(({ minNanos, maxNanos }) => overlaps(minNanos, maxNanos))
  }
}

export function sameEntry(a: Entry, b: Entry): boolean {
  if (a.nanos !== b.nanos || a.line !== b.line || a.metadata.length !== b.metadata.length) return false
  return a.metadata.every(([name, value], i) => name === b.metadata[i]![0] && value === b.metadata[i]![1])
}
