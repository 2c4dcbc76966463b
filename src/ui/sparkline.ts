const BARS = '▁▂▃▄▅▆▇█'

/** Values in time as bars of eighths, at most `width` of them, each the mean of its share. A gap is a space. */
export function sparkline(values: readonly number[], width = 30): string {
  const finite = values.filter(Number.isFinite)
  if (finite.length === 0) return ''
  const low = Math.min(...finite)
  const high = Math.max(...finite)
  const cells = Math.min(width, values.length)
  return Array.from({ length: cells }, (_, i) => {
    const share = values
      .slice(Math.floor((i * values.length) / cells), Math.floor(((i + 1) * values.length) / cells))
      .filter(Number.isFinite)
    if (share.length === 0) return ' '
    const mean = share.reduce((sum, value) => sum + value, 0) / share.length
    return BARS[high > low ? Math.round(((mean - low) / (high - low)) * (BARS.length - 1)) : 3]
  }).join('')
}
