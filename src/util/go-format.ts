/** How Go's fmt, strconv and time print what the collector's texts hold. */

/** `%v` and strconv's 'g' of a float64: the shortest digits that say it, with an exponent below 1e-4 and from 1e6 on. */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string]
  const power = Number(exponent)
  if (power >= -4 && power < 6) return String(value)
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}

/** `%f`: six digits after the point. */
export function formatFixed(value: number): string {
  if (!Number.isFinite(value)) return formatFloat(value)
  if (Math.abs(value) < 1e21) return value.toFixed(6)
  return `${BigInt(value)}.000000`
}

/** time.Time.String() of nanoseconds since the epoch, in UTC. */
export function formatTime(ns: bigint): string {
  const date = new Date(Number(ns / 1_000_000_000n) * 1000).toISOString()
  const fraction = String(ns % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '')
  return `${date.slice(0, 10)} ${date.slice(11, 19)}${fraction && `.${fraction}`} +0000 UTC`
}
