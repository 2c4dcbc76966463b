import type { Sighting } from './measure.ts'

export interface Distribution {
  count: number
  min: number
  median: number
  p95: number
  max: number
  /** How far apart the looks were, typically: nothing shorter can be told. */
  stepMs: number
  /** The figures are mostly made of the polling step, so that the true ones may be far smaller. */
  bounded: boolean
  /** In milliseconds, ascending. */
  samples: number[]
}

/** Undefined for no sighting. */
export function distributionOf(sightings: readonly Sighting[]): Distribution | undefined {
  if (sightings.length === 0) return undefined
  // Clocks of the program and of ours may differ by a little: nothing is seen before it is made.
  const samples = sightings.map(({ seenAt, madeAt }) => Math.max(0, seenAt - madeAt)).sort((a, b) => a - b)
  const steps = sightings.map(({ stepMs }) => stepMs).sort((a, b) => a - b)
  const median = quantile(samples, 0.5)
  const stepMs = quantile(steps, 0.5)
  return {
    count: samples.length,
    min: samples[0]!,
    median,
    p95: quantile(samples, 0.95),
    max: samples.at(-1)!,
    stepMs,
    bounded: median <= 2 * stepMs,
    samples,
  }
}

/** The nearest rank: always a value that was measured. `sorted` is ascending and not empty. */
export function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))]!
}
