import { DOORS, type Door } from './door.ts'
import type { Sighting } from './sighting.ts'

export interface Distribution {
  count: number
  min: number
  median: number
  p95: number
  max: number
  mean: number
  /** By so much a single figure may be off, typically: half of what passed between two looks. */
  errorMs: number
  /** In milliseconds, ascending. */
  samples: number[]
}

/** Undefined for no sighting. */
export function distributionOf(
  sightings: readonly Pick<Sighting, 'madeAt' | 'seenAt' | 'errorMs'>[],
): Distribution | undefined {
  if (sightings.length === 0) return undefined
  const samples = sightings.map(({ seenAt, madeAt }) => Math.max(0, seenAt - madeAt)).sort((a, b) => a - b)
  const errors = sightings.map(({ errorMs }) => errorMs).sort((a, b) => a - b)
  return {
    count: samples.length,
    min: samples[0]!,
    median: quantile(samples, 0.5),
    mean: samples.reduce((sum, one) => sum + one, 0) / samples.length,
    p95: quantile(samples, 0.95),
    max: samples.at(-1)!,
    errorMs: quantile(errors, 0.5),
    samples,
  }
}

/** The nearest rank: always a value that was measured. `sorted` is ascending and not empty. */
export function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))]!
}

export type Figures = Partial<Record<Door, Distribution>>

/** One distribution for each door at which anything was seen. */
export function figuresOf(sightings: Record<Door, readonly Sighting[]>): Figures {
  return Object.fromEntries(
    DOORS.flatMap((door) => {
      const distribution = distributionOf(sightings[door])
      return distribution ? [[door, distribution]] : []
    }),
  )
}
