/**
 * A float as Go's ParseFloat reads it, without what the exposition formats forbid: hexadecimal and underscores.
 * Undefined when it is none.
 */
export function parseFloatText(text: string): number | undefined {
  const number = Number(text)
  // Number() takes '', ' 1', '0x1', '0b1' and 'Infinity' in one spelling only: let through just plain decimals.
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    const plain = (c >= 48 && c <= 57) || c === 46 || c === 45 || c === 43 || c === 101 || c === 69
    if (!plain) return special(text)
  }
  return text === '' || Number.isNaN(number) ? undefined : number
}

function special(text: string): number | undefined {
  switch (text.toLowerCase()) {
    case 'nan':
      return Number.NaN
    case 'inf':
    case '+inf':
    case 'infinity':
    case '+infinity':
      return Number.POSITIVE_INFINITY
    case '-inf':
    case '-infinity':
      return Number.NEGATIVE_INFINITY
    default:
      return undefined
  }
}

/** Whether a float is written with what Go reads but the formats forbid. */
export const hasForbiddenCharacter = (text: string) => /[_pPxX]/.test(text)

/** The one spelling of `le` and `quantile`, so that "1" and "1.0" are the same series: a float always shows a point. */
export function canonicalFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  if (value === Number.NEGATIVE_INFINITY) return '-Inf'
  const text = goFloat(value)
  return /[.e]/.test(text) ? text : `${text}.0`
}

/** Go's strconv.FormatFloat(value, 'g', -1, 64): shortest, exponent of two digits, from 1e21 and below 1e-4. */
function goFloat(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [digits, exponentText] = value.toExponential().split('e') as [string, string]
  const exponent = Number(exponentText)
  if (exponent >= -4 && exponent < 21) return plainDecimal(value)
  const sign = exponent < 0 ? '-' : '+'
  return `${digits}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`
}

function plainDecimal(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(0) : text
}
