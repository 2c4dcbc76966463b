/** Eight buckets for each doubling: base 2^(1/8), which is scale 3 of OTLP's exponential histograms. */
export const SCALE = 3
const PER_DOUBLING = 2 ** SCALE

export interface Exemplar {
  value: number
  traceId: string
  /** Milliseconds since the epoch. */
  at: number
}

export interface Histogram {
  count: number
  sum: number
  /** What took no time at all has no logarithm. */
  zeros: number
  /** By index: (base^index, base^(index+1)]. */
  buckets: Map<number, { count: number; exemplar: Exemplar }>
}

export const newHistogram = (): Histogram => ({ count: 0, sum: 0, zeros: 0, buckets: new Map() })

/** In seconds. Less than a tenth of a millisecond counts as nothing: no figure here is that exact. */
const LEAST = 1e-4

export function observe(histogram: Histogram, exemplar: Exemplar): void {
  const { value } = exemplar
  histogram.count++
  histogram.sum += value
  if (value < LEAST) {
    histogram.zeros++
    return
  }
  const index = Math.ceil(Math.log2(value) * PER_DOUBLING) - 1
  const bucket = histogram.buckets.get(index)
  histogram.buckets.set(index, { count: (bucket?.count ?? 0) + 1, exemplar })
}

/** The upper bound of a bucket. */
export const boundOf = (index: number): number => 2 ** ((index + 1) / PER_DOUBLING)

/** From the lowest bucket that holds something to the highest, none left out. */
export function bucketRange({ buckets }: Histogram): number[] {
  if (buckets.size === 0) return []
  const indices = [...buckets.keys()]
  const [low, high] = [Math.min(...indices), Math.max(...indices)]
  return Array.from({ length: high - low + 1 }, (_, i) => low + i)
}
