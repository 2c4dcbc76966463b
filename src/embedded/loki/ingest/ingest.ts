import { LabError } from '../../../errors.ts'
import { HttpRefusal } from '../../http.ts'
import { labelsText } from '../labels.ts'
import type { Commit, LogStore } from '../store.ts'
import type { IngestSettings } from './ingest-settings.ts'
import type { LabelNamer } from './label-name.ts'
import type { PushedStream } from './otlp.ts'
import { TokenBucket } from './rate.ts'
import { admitEntries } from './stream-rules.ts'
import { type CheckedStream, checkPush, type Discarded } from './validate.ts'

/** What came in and what was refused, for `/metrics`. */
export interface IngestCounts {
  lines: number
  bytes: number
  discarded: Map<string, { entries: number; bytes: number }>
}

export interface Ingest {
  /** Resolves when what was accepted is on disk and visible. Throws HttpRefusal with Loki's status and words. */
  push(streams: readonly PushedStream[]): Promise<void>
  readonly counts: IngestCounts
}

/** The one tenant's name, when auth_enabled is false. */
const TENANT = 'fake'
/** Without a line for so long a stream is no longer active (Loki's chunk_idle_period). */
const ACTIVE_MS = 30 * 60_000

export function createIngest(store: LogStore, name: LabelNamer, settings: IngestSettings): Ingest {
  const { limits, now } = settings
  const counts: IngestCounts = { lines: 0, bytes: 0, discarded: new Map() }
  const bucket = new TokenBucket(limits.ingestionRateBytes, limits.ingestionBurstBytes, now())

  function discard({ reason, entries, bytes }: Discarded): void {
    const sum = counts.discarded.get(reason) ?? { entries: 0, bytes: 0 }
    counts.discarded.set(reason, { entries: sum.entries + entries, bytes: sum.bytes + bytes })
  }

  function checkRate(lines: number, bytes: number): void {
    if (bucket.take(bytes, now())) return
    discard({ reason: 'rate_limited', message: '', entries: lines, bytes })
    throw new HttpRefusal(
      429,
      `ingestion rate limit exceeded for user ${TENANT} (limit: ${limits.ingestionRateBytes} bytes/sec) while attempting to ingest '${lines}' lines totaling '${bytes}' bytes, reduce log volume or contact your Loki administrator to see if the limit can be increased`,
    )
  }

  /** What Loki's ingester lets in: not too many streams, not too fast, not too far behind. */
  function admit(passed: readonly CheckedStream[]): { commits: Commit[]; refusal: HttpRefusal | undefined } {
    const commits: Commit[] = []
    let refusal: HttpRefusal | undefined
    let fresh = 0
    for (const { labels, entries } of passed) {
      const known = store.find(labels)
      const since = now() - ACTIVE_MS
      if (known === undefined || (known.lastPush < since && known.pending === 0)) {
        if (limits.maxStreams > 0 && store.countActive(since) + fresh >= limits.maxStreams) {
          refusal = new HttpRefusal(
            429,
            `maximum active stream limit exceeded when trying to create stream ${labelsText(labels)}, reduce the number of active streams (reduce labels or reduce label values), or contact your Loki administrator to see if the limit can be increased, user: '${TENANT}'`,
          )
          discard({ reason: 'stream_limit', message: '', entries: entries.length, bytes: 0 })
          continue
        }
        fresh++
      }
      const stream = known ?? store.define(labels)
      const { accepted, refused, error } = admitEntries(stream, entries, settings)
      if (accepted.length > 0) commits.push({ stream, entries: accepted })
      for (const one of refused) discard(one)
      refusal = error ?? refusal
    }
    return { commits, refusal }
  }

  return {
    counts,
    async push(streams) {
      if (streams.length === 0) throw new HttpRefusal(422, 'error at least one valid stream is required for ingestion')
      const { passed, refused } = checkPush(streams, limits, name, now())
      for (const one of refused) discard(one)
      const { lines, bytes } = weigh(passed)
      if (lines > 0) checkRate(lines, bytes)
      const { commits, refusal } = admit(passed)
      try {
        if (commits.length > 0) await store.commit(commits)
      } catch (error) {
        bucket.giveBack(bytes)
        if (error instanceof LabError) throw new HttpRefusal(500, error.message)
        throw error
      }
      counts.lines += lines
      counts.bytes += bytes
      if (refusal !== undefined) throw refusal
      if (refused.length > 0) throw new HttpRefusal(400, grouped(refused))
    },
  }
}

function weigh(passed: readonly CheckedStream[]): { lines: number; bytes: number } {
  let lines = 0
  let bytes = 0
  for (const { entries } of passed) {
    lines += entries.length
    for (const { line, metadata } of entries) {
      bytes += line.length
      for (const [key, value] of metadata) bytes += key.length + value.length
    }
  }
  return { lines, bytes }
}

/** As Loki sums up: each message once, with its number when there are more. */
function grouped(refused: readonly Discarded[]): string {
  const messages = new Map<string, number>()
  for (const { message } of refused) messages.set(message, (messages.get(message) ?? 0) + 1)
  return [...messages]
    .map(([message, count]) => (messages.size > 1 || count > 1 ? `${count} errors like: ${message}` : message))
    .join('; ')
}
