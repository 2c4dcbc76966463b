/** Between two values the weighted mean of both. `values` is sorted in place; NaN counts as the smallest. */
export function quantile(q: number, values: Float64Array): number {
  if (values.length === 0 || Number.isNaN(q)) return Number.NaN
  if (q < 0) return Number.NEGATIVE_INFINITY
  if (q > 1) return Number.POSITIVE_INFINITY
  // A typed array sorts NaN to the end.
  values.sort()
  let nans = 0
  while (nans < values.length && Number.isNaN(values[values.length - 1 - nans])) nans++
  if (nans > 0) {
    values.copyWithin(nans, 0, values.length - nans)
    values.fill(Number.NaN, 0, nans)
  }
  const rank = q * (values.length - 1)
  const lower = Math.max(0, Math.floor(rank))
  const upper = Math.min(values.length - 1, lower + 1)
  const weight = rank - Math.floor(rank)
  return values[lower]! * (1 - weight) + values[upper]! * weight
}

export const isQuantile = (q: number) => q >= 0 && q <= 1
