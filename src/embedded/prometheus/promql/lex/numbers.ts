import type { Scanner } from './scanner.ts'

export const isSpace = (c: string) => c === ' ' || c === '\t' || c === '\n' || c === '\r'
export const isDigit = (c: string) => c >= '0' && c <= '9' && c.length === 1
export const isAlpha = (c: string) => c === '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
export const isAlphaNumeric = (c: string) => isAlpha(c) || isDigit(c)

const is = (c: string, set: string) => c !== '' && set.includes(c)

/**
 * Scans digits with one dot, one exponent and single underscores, hexadecimal after `0x`. What it takes need not be
 * a number yet: the parser says so. False, with the cursor where it stopped, when it cannot be one.
 */
export function scanNumber(lexer: Scanner): boolean {
  const from = lexer.pos
  const accept = (set: string) => {
    const ok = is(lexer.peek(), set)
    if (ok) lexer.pos++
    return ok
  }
  let digits = '0123456789'
  if (accept('0') && accept('xX')) {
    accept('_')
    digits = '0123456789abcdefABCDEF'
  }
  const hexadecimal = digits.length > 10
  accept('.')
  accept(digits)
  let dot = false
  let exponent = false
  while (is(lexer.peek(), `${digits}._eE`)) {
    if (is(lexer.peek(), '.') && dot) {
      lexer.pos++
      return false
    }
    if (is(lexer.peek(), 'eE') && exponent) {
      lexer.pos++
      return false
    }
    if (accept('.')) {
      dot = true
      if (accept('_.') || hexadecimal) return false
    } else if (accept('eE')) {
      // Also in hexadecimal, where the real lexer takes an `e` for an exponent too.
      exponent = true
      accept('+-')
      if (accept('._eE') || lexer.peek() === '') return false
    } else if (accept('_')) {
      if (accept('._eE') || lexer.peek() === '') return false
    } else while (accept(digits));
  }
  return lexer.pos > from && !isAlphaNumeric(lexer.peek())
}

/** After digits: a unit, and more digits with units. False when a letter or digit is left over. */
export function acceptDurationRest(lexer: Scanner): boolean {
  const rest = /^[smhdwy]s?(?:\d+[smhdw]s?)*/.exec(lexer.text.slice(lexer.pos, lexer.pos + 1000))?.[0]
  if (rest === undefined) return false
  lexer.pos += rest.length
  if (!isAlphaNumeric(lexer.peek())) return true
  // The message shows digits that no unit follows, or else the one character that is too many.
  const digits = /^\d*/.exec(lexer.text.slice(lexer.pos, lexer.pos + 1000))![0]
  lexer.pos += digits.length || 1
  return false
}
