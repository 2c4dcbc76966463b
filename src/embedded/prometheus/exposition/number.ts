import { formatFloat } from '../../../util/go-format.ts'

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
  const text = formatFloat(value)
  return Number.isFinite(value) && !/[.e]/.test(text) ? `${text}.0` : text
}
