import type { HistogramPoint } from '../../../../otlp/types.ts'

/** Two deltas that follow each other; with other bounds the newer one alone. */
export function addHistograms(old: HistogramPoint, point: HistogramPoint): HistogramPoint {
  const [older, newer] = point.timeUnixNano < old.timeUnixNano ? [point, old] : [old, point]
  const same =
    older.explicitBounds.length === newer.explicitBounds.length &&
    older.explicitBounds.every((bound, i) => bound === newer.explicitBounds[i])
  const base = { ...newer, startTimeUnixNano: old.startTimeUnixNano, exemplars: [], min: undefined, max: undefined }
  if (!same) return { ...base, sum: newer.sum ?? 0 }
  return {
    ...base,
    count: older.count + newer.count,
    sum: (older.sum ?? 0) + (newer.sum ?? 0),
    bucketCounts: newer.bucketCounts.map((count, i) => count + (older.bucketCounts[i] ?? 0n)),
  }
}
