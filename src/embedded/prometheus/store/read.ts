import type { Chunk } from './chunk.ts'
import type { MemorySeries } from './series.ts'

/** Index of the first sample later than `time`; `count` when there is none. */
function firstAfter(chunk: Chunk, time: number): number {
  let low = 0
  let high = chunk.count
  while (low < high) {
    const middle = (low + high) >> 1
    if (chunk.time(middle) > time) high = middle
    else low = middle + 1
  }
  return low
}

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
    const i = firstAfter(chunk, time) - 1
    const at = chunk.time(i)
    return at <= time - lookbackMs || chunk.stale?.has(i) ? undefined : { time: at, value: chunk.value(i) }
  }
  return undefined
}

/** Takes samples one by one, oldest first. */
export interface SampleSink {
  push(time: number, value: number, stale: boolean): void
}

/** Samples in (from, to], staleness markers among them. */
export function readSeries(series: MemorySeries, from: number, to: number, into: SampleSink): void {
  for (const chunk of series.chunks) {
    if (chunk.maxTime <= from || chunk.minTime > to) continue
    const { stale } = chunk
    const end = chunk.maxTime <= to ? chunk.count : firstAfter(chunk, to)
    for (let i = chunk.minTime > from ? 0 : firstAfter(chunk, from); i < end; i++) {
      into.push(chunk.time(i), chunk.value(i), stale?.has(i) ?? false)
    }
  }
}
