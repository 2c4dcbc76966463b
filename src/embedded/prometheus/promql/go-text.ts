import { strayByte } from './lex/bytes.ts'

/** Texts as Go prints them, for messages and queries that must read as Prometheus's. */

/** strconv.Quote, or for one character strconv.QuoteRune. */
export function quote(text: string, mark: '"' | "'" = '"'): string {
  let out = mark as string
  for (const char of text) out += escaped(char, mark)
  return out + mark
}

const NAMED: Record<string, string> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
}

function escaped(char: string, mark: string): string {
  if (char === mark) return `\\${char}`
  const named = NAMED[char]
  if (named !== undefined) return named
  const code = char.codePointAt(0)!
  const stray = strayByte(code)
  if (stray !== undefined) return `\\x${stray.toString(16)}`
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`
  if (code < 0x7f || /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(char)) return char
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}
