/** How Go's fmt, strconv, encoding/json and time print numbers and times. */

/** What has no digits, and zero; undefined for every other number. */
function oddNumber(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  return undefined
}

/** strconv's 'g', -1, and fmt's %v: the shortest digits that say it, with an exponent below 1e-4 and from 1e6 on. */
export function formatFloat(value: number): string {
  const odd = oddNumber(value)
  if (odd !== undefined) return odd
  const size = Math.abs(value)
  if (size >= 1e-4 && size < 1e6) return String(value)
  const [mantissa, exponent] = split(value.toExponential())
  return withExponent(mantissa, exponent)
}

/** strconv's 'f', -1: the shortest digits that come back as the same number, no exponent. */
export function formatPlain(value: number): string {
  const odd = oddNumber(value)
  if (odd !== undefined) return odd
  const text = String(value)
  if (!text.includes('e')) return text
  const [mantissa, exponent] = split(text)
  const sign = mantissa.startsWith('-') ? '-' : ''
  const digits = mantissa.replace('-', '').replace('.', '')
  const point = exponent + 1
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  if (point >= digits.length) return `${sign}${digits}${'0'.repeat(point - digits.length)}`
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

/** fmt's %.2g. */
export function formatTwoDigits(value: number): string {
  const odd = oddNumber(value)
  if (odd !== undefined) return odd
  const [mantissa, exponent] = split(value.toExponential(1))
  if (exponent >= -4 && exponent < 2) return formatPlain(Number(value.toPrecision(2)))
  return withExponent(mantissa.replace(/\.0$/, ''), exponent)
}

/** 'f' where that is not long, else 'e': as Prometheus' API writes a value; encoding/json cuts a lone digit's zero. */
export function formatJsonFloat(value: number, exponentDigits: 1 | 2): string {
  const odd = oddNumber(value)
  if (odd !== undefined) return odd
  const size = Math.abs(value)
  if (size >= 1e-6 && size < 1e21) return formatPlain(value)
  const [mantissa, exponent] = split(value.toExponential())
  return withExponent(mantissa, exponent, exponentDigits)
}

function split(text: string): [mantissa: string, exponent: number] {
  const [mantissa = '', exponent] = text.split('e')
  return [mantissa, Number(exponent)]
}

const withExponent = (mantissa: string, exponent: number, digits = 2) =>
  `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(digits, '0')}`

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
