import type { MemorySeries } from './series.ts'

/** The newest sample in (time - lookback, time]; undefined when there is none or it marks the series' end. */
export function sampleAt(
  series: MemorySeries,
  time: number,
  lookbackMs: number,
): { time: number; value: number } | undefined {
  const { chunks } = series
  for (let c = chunks.length - 1; c >= 0; c--) {
    const chunk = chunks[c]!
    if (chunk.minTime > time) continue
    for (let i = chunk.count - 1; i >= 0; i--) {
      const at = chunk.time(i)
      if (at > time) continue
      return at <= time - lookbackMs || chunk.stale?.has(i) ? undefined : { time: at, value: chunk.value(i) }
    }
  }
  return undefined
}

/** Samples in (from, to], without staleness markers. */
export function samplesIn(series: MemorySeries, from: number, to: number): { times: number[]; values: number[] } {
  const times: number[] = []
  const values: number[] = []
  for (const chunk of series.chunks) {
    if (chunk.maxTime <= from || chunk.minTime > to) continue
    for (let i = 0; i < chunk.count; i++) {
      const at = chunk.time(i)
      if (at <= from || at > to || chunk.stale?.has(i)) continue
      times.push(at)
      values.push(chunk.value(i))
    }
  }
  return { times, values }
}
