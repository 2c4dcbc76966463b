const NAMES: Record<string, string> = { x: 'hexadecimal', o: 'octal', b: 'binary', '0': 'octal' }

/** Go's number literals: decimal, octal, 0x, 0o, 0b, fractions, exponents, `_` between digits. */
export function scanNumber(text: string, from: number): { end: number; fault?: string } {
  let at = from
  let fault: string | undefined
  const complain = (message: string) => {
    fault ??= message
  }
  const prefix = prefixAt(text, from)
  const name = `${NAMES[prefix] ?? 'decimal'} literal`
  if (prefix === '0') at += 1
  else if (prefix !== '') at += 2
  const digits = prefix === 'x' ? /[\da-fA-F_]*/y : /[\d_]*/y
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const found = pattern.exec(text)![0]
    at += found.length
    return found
  }
  const whole = take(digits)
  let seen = prefix === '0' ? `0${whole}` : whole
  let float = false
  if (text[at] === '.') {
    float = true
    at++
    if (prefix === 'o' || prefix === 'b') complain(`invalid radix point in ${name}`)
    seen += take(digits)
  }
  if (!/[\da-fA-F]/.test(seen)) complain(`${name} has no digits`)
  const exponent = text[at]?.toLowerCase()
  // Of a decimal, `p` is the start of a size such as PB.
  if (exponent === 'e' || (exponent === 'p' && prefix === 'x')) {
    if (exponent === 'e' && prefix !== '' && prefix !== '0') {
      complain(`'${text[at]}' exponent requires decimal mantissa`)
    }
    at++
    float = true
    if (text[at] === '+' || text[at] === '-') at++
    if (!/\d/.test(take(/[\d_]*/y))) complain('exponent has no digits')
  } else if (prefix === 'x' && float) complain("hexadecimal mantissa requires a 'p' exponent")
  const base = prefix === 'b' ? 2 : prefix === 'o' || prefix === '0' ? 8 : 10
  const wrong = prefix === 'x' ? undefined : [...seen].find((d) => d !== '_' && Number(d) >= base)
  if (!float && wrong !== undefined) complain(`invalid digit '${wrong}' in ${name}`)
  return { end: at, ...(fault !== undefined && { fault }) }
}

function prefixAt(text: string, at: number): string {
  if (text[at] !== '0') return ''
  const next = text[at + 1]?.toLowerCase() ?? ''
  if (next === 'x' || next === 'o') return next
  // `0b` alone is no bytes.
  if (next === 'b') return /[01]/.test(text[at + 2] ?? '') ? 'b' : ''
  return '0'
}

/** Whether a `_` of the literal stands elsewhere than between two digits (or after a prefix). */
export function invalidSeparator(literal: string): boolean {
  if (!literal.includes('_')) return false
  const digit = /^0x/i.test(literal) ? '[\\da-fA-F]' : '\\d'
  const bare = literal.replace(/^0[xob]/i, '0')
  return new RegExp(`(?<!${digit})_|_(?!${digit})`).test(bare)
}
