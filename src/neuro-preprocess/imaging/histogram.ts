/**
 * The value below which `fraction` of the values lie, of those in the mask if there is one; by a histogram, so that a
 * scan is not copied to be sorted.
 */
export function quantile(
  data: Float32Array,
  fraction: number,
  range: readonly [number, number],
  mask?: Uint8Array,
): number {
  const [low, high] = range
  if (!(high > low)) return low
  const bins = new Uint32Array(BINS)
  const scale = BINS / (high - low)
  let count = 0
  for (let i = 0; i < data.length; i++) {
    if (mask && !mask[i]) continue
    bins[Math.min(BINS - 1, Math.max(0, Math.floor((data[i]! - low) * scale)))]!++
    count++
  }
  let seen = 0
  for (let bin = 0; bin < BINS; bin++) {
    seen += bins[bin]!
    if (seen >= count * fraction) return low + (bin + 0.5) / scale
  }
  return high
}

const BINS = 4096

/** Otsu's threshold (IEEE Trans. SMC 9, 1979): the one that parts the values into two classes best. */
export function otsu(data: Float32Array, range: readonly [number, number]): number {
  const [low, high] = range
  const bins = new Float64Array(OTSU_BINS)
  const scale = OTSU_BINS / (high - low)
  for (let i = 0; i < data.length; i++) {
    bins[Math.min(OTSU_BINS - 1, Math.max(0, Math.floor((data[i]! - low) * scale)))]!++
  }
  const total = data.length
  let sum = 0
  for (let bin = 0; bin < OTSU_BINS; bin++) sum += bin * bins[bin]!
  let below = 0
  let sumBelow = 0
  let best = 0
  let at = 0
  for (let bin = 0; bin < OTSU_BINS; bin++) {
    below += bins[bin]!
    sumBelow += bin * bins[bin]!
    const above = total - below
    if (below === 0 || above === 0) continue
    const difference = sumBelow / below - (sum - sumBelow) / above
    const between = below * above * difference * difference
    if (between > best) {
      best = between
      at = bin
    }
  }
  return low + (at + 1) / scale
}

const OTSU_BINS = 256
