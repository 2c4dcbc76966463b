import type { Passage, Tap } from '../../engine.ts'

/**
 * How far the times that a run's data carries are from when it came to the collector, in milliseconds: below 0 is the
 * past. Undefined when what travelled is forgotten.
 */
export async function skewOf(
  tap: { passages: readonly Passage[]; payload: Tap['payload'] } | undefined,
): Promise<number | undefined> {
  const first = tap?.passages.find(({ kind, step }) => kind === 'receiver' && step === 'in')
  const payload = first && (await tap?.payload(first.seq))
  if (!payload) return undefined
  const times = [...payload.text.matchAll(/"(?:endTimeUnixNano|timeUnixNano)":"(\d{16,19})"/g)].map(
    (match) => Number(match[1]) / 1e6,
  )
  if (times.length === 0) return undefined
  return Math.max(...times) - first.at
}
