import { textOfBytes } from './bytes.ts'
import type { Scanner } from './scanner.ts'

/** To the closing quote; the cursor stands on the opening one. Throws QueryError, pointing at the opening quote. */
export function scanString(lexer: Scanner): void {
  const mark = lexer.peek()
  lexer.pos++
  for (;;) {
    const c = lexer.peek()
    if (c === '' || c === '\n') lexer.fail('unterminated quoted string')
    if (isInvalid(lexer)) lexer.fail('invalid UTF-8 rune')
    lexer.pos++
    if (c === mark) return
    if (c === '\\') scanEscape(lexer, mark)
  }
}

export function scanRawString(lexer: Scanner): void {
  lexer.pos++
  for (;;) {
    const c = lexer.peek()
    if (c === '') lexer.fail('unterminated raw string')
    if (isInvalid(lexer)) lexer.fail('invalid UTF-8 rune')
    lexer.pos++
    if (c === '`') return
  }
}

/** What came as invalid UTF-8 arrives as U+FFFD, which Go takes for an error too. */
const isInvalid = (lexer: Scanner) => lexer.peek() === '\ufffd'

const DIGITS: Record<string, [count: number, base: number, max: number]> = {
  x: [2, 16, 255],
  u: [4, 16, 0x10ffff],
  U: [8, 16, 0x10ffff],
}

/** The backslash is behind the cursor. */
function scanEscape(lexer: Scanner, mark: string): void {
  const c = lexer.peek()
  if (c === '') lexer.fail('escape sequence not terminated')
  if ('abfnrtv\\'.includes(c) || c === mark) {
    lexer.pos++
    return
  }
  const octal = c >= '0' && c <= '7'
  const shape = octal ? ([3, 8, 255] as const) : DIGITS[c]
  if (shape === undefined) lexer.fail(`unknown escape sequence ${unicode(lexer)}`)
  const [count, base, max] = shape
  if (!octal) lexer.pos++
  let code = 0
  for (let i = 0; i < count; i++) {
    const digit = Number.parseInt(lexer.peek(), 16)
    if (lexer.peek() === '') lexer.fail('escape sequence not terminated')
    if (Number.isNaN(digit) || digit >= base) lexer.fail(`illegal character ${unicode(lexer)} in escape sequence`)
    code = code * base + digit
    lexer.pos++
  }
  if (code > max || (code >= 0xd800 && code < 0xe000)) {
    lexer.fail('escape sequence is an invalid Unicode code point')
  }
}

/** fmt's %#U: `U+0027 '''`. */
function unicode(lexer: Scanner): string {
  const code = lexer.text.codePointAt(lexer.pos)!
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')} '${String.fromCodePoint(code)}'`
}

const NAMED: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' }
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs

/** What a scanned literal says. `\x` and octal name bytes, which together may be one character. */
export function unquoteLiteral(literal: string): string {
  const inner = literal.slice(1, -1)
  if (literal.startsWith('`') || !inner.includes('\\')) return inner
  const bytes: Buffer[] = []
  let from = 0
  for (const match of inner.matchAll(ESCAPE)) {
    bytes.push(Buffer.from(inner.slice(from, match.index)))
    const [whole, x, u, long, octal, char] = match
    const byte = x ?? octal
    if (byte !== undefined) bytes.push(Buffer.from([Number.parseInt(byte, x === undefined ? 8 : 16)]))
    else if (u !== undefined || long !== undefined) {
      bytes.push(Buffer.from(String.fromCodePoint(Number.parseInt((u ?? long)!, 16))))
    } else bytes.push(Buffer.from(NAMED[char!] ?? char!))
    from = match.index + whole.length
  }
  bytes.push(Buffer.from(inner.slice(from)))
  return textOfBytes(Buffer.concat(bytes))
}
