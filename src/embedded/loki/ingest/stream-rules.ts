import { HttpRefusal } from '../../http.ts'
import { formatByteSize } from '../config/units.ts'
import { labelsText } from '../labels.ts'
import type { Entry } from '../logql/source.ts'
import { entrySize } from '../store/chunk-file.ts'
import { type LogStream, sameEntry } from '../store/stream.ts'
import type { IngestSettings } from './ingest-settings.ts'
import { TokenBucket } from './rate.ts'
import { type Discarded, rfc3339 } from './validate.ts'

/** Loki's ingester.max_returned_stream_errors. */
const MAX_TOLD = 10

/**
 * What one stream takes of a push: lines sent twice are passed over, lines that are too far behind its newest one
 * are refused, and so is all of it when it comes too fast.
 */
export function admitEntries(
  stream: LogStream,
  entries: readonly Entry[],
  { limits, maxChunkAgeMs, now }: IngestSettings,
): { accepted: Entry[]; refused: Discarded[]; error: HttpRefusal | undefined } {
  const window = BigInt(Math.round(maxChunkAgeMs / 2)) * 1_000_000n
  let last = stream.last
  let highest = stream.highestNanos
  let bytes = 0
  const accepted: Entry[] = []
  const behind: { entry: Entry; reason: string }[] = []
  for (const entry of entries) {
    if (last !== undefined && sameEntry(last, entry)) continue
    const cutoff = highest === undefined ? undefined : highest - window
    if (cutoff !== undefined && entry.nanos < cutoff) {
      const reason = `entry too far behind, entry timestamp is: ${rfc3339(entry.nanos)}, oldest acceptable timestamp is: ${rfc3339(cutoff)}`
      behind.push({ entry, reason })
      continue
    }
    last = entry
    if (highest === undefined || entry.nanos > highest) highest = entry.nanos
    bytes += entrySize(entry)
    accepted.push(entry)
  }
  stream.bucket ??= new TokenBucket(limits.perStreamRateLimit, limits.perStreamRateLimitBurst, now())
  if (!stream.bucket.take(bytes, now())) {
    const limit = formatByteSize(limits.perStreamRateLimit)
    const reason = (entry: Entry) =>
      `Per stream rate limit exceeded (limit: ${limit}/sec) while attempting to ingest for stream '${labelsText(stream.labels)}' totaling ${formatByteSize(entrySize(entry))}, consider splitting a stream via additional labels or contact your Loki administrator to see if the limit can be increased`
    const failed = accepted.map((entry) => ({ entry, reason: reason(entry) }))
    return refuse(stream, [], failed, 429, 'per_stream_rate_limit', entries.length)
  }
  return refuse(stream, accepted, behind, 400, 'too_far_behind', entries.length)
}

function refuse(
  stream: LogStream,
  accepted: Entry[],
  failed: { entry: Entry; reason: string }[],
  status: 400 | 429,
  reason: string,
  total: number,
) {
  if (failed.length === 0) return { accepted, refused: [], error: undefined }
  const told = failed
    .slice(0, MAX_TOLD)
    .map(({ entry, reason }) => `entry with timestamp ${goTime(entry.nanos)} ignored, reason: '${reason}',\n`)
  const summary = `user 'fake', total ignored: ${failed.length} out of ${total} for stream: ${labelsText(stream.labels)}`
  const bytes = failed.reduce((sum, { entry }) => sum + entrySize(entry), 0)
  return {
    accepted,
    refused: [{ reason, message: '', entries: failed.length, bytes }],
    error: new HttpRefusal(status, told.join('') + summary),
  }
}

/** Go's Time.String in UTC: `2026-01-02 03:04:05.000000006 +0000 UTC`. */
function goTime(nanos: bigint): string {
  const fraction = String(((nanos % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n).padStart(9, '0')
  const digits = fraction.replace(/0+$/, '')
  return `${rfc3339(nanos).slice(0, 19).replace('T', ' ')}${digits === '' ? '' : `.${digits}`} +0000 UTC`
}
