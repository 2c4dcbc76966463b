/** time.Duration's String: `1h0m0s`, `1.5s`, `300µs`. */
export function formatGoDuration(nanos: bigint): string {
  const sign = nanos < 0n ? '-' : ''
  const u = nanos < 0n ? -nanos : nanos
  if (u === 0n) return '0s'
  const fraction = (value: bigint, unit: bigint) => {
    const rest = String(value % unit)
      .padStart(String(unit).length - 1, '0')
      .replace(/0+$/, '')
    return `${value / unit}${rest === '' || unit === 1n ? '' : `.${rest}`}`
  }
  if (u < 1_000n) return `${sign}${u}ns`
  if (u < 1_000_000n) return `${sign}${fraction(u, 1_000n)}µs`
  if (u < 1_000_000_000n) return `${sign}${fraction(u, 1_000_000n)}ms`
  const minutes = u / 60_000_000_000n
  const seconds = `${fraction(u % 60_000_000_000n, 1_000_000_000n)}s`
  if (minutes === 0n) return sign + seconds
  if (minutes < 60n) return `${sign}${minutes}m${seconds}`
  return `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`
}
