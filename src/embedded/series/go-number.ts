/** strconv.FormatFloat(value, 'f', -1, 64): the shortest digits that come back as the same number, no exponent. */
export function formatPlain(value: number): string {
  const odd = oddNumber(value)
  if (odd !== undefined) return odd
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string]
  const sign = mantissa.startsWith('-') ? '-' : ''
  const digits = mantissa.replace('-', '').replace('.', '')
  const point = Number(exponent) + 1
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  if (point >= digits.length) return `${sign}${digits}${'0'.repeat(point - digits.length)}`
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`
}

/** What has no digits, and zero; undefined for every other number. */
export function oddNumber(value: number): string | undefined {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  return undefined
}
