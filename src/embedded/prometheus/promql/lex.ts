import { QueryError } from '../../../errors.ts'
import { table } from '../../../util/table.ts'
import { quote } from './go-text.ts'
import { acceptDurationRest, isAlpha, isAlphaNumeric, isDigit, isSpace, scanNumber } from './lex/numbers.ts'
import type { Scanner } from './lex/scanner.ts'
import { scanRawString, scanString } from './lex/strings.ts'
import { KEYWORDS, type Token, type TokenType } from './lex/tokens.ts'

/** Words that have a meaning inside `[...]`; each calls for a feature that is experimental. */
const DURATION_WORDS: Record<string, TokenType> = table({
  step: 'step',
  range: 'range',
  max_of: 'max_of',
  min_of: 'min_of',
})

/**
 * Takes a query apart, one token at a time (promql/parser/lex.go). What a character means depends on whether braces
 * or brackets are open, and text after a fault is not looked at, so the parser asks as it goes.
 */
export class Lexer implements Scanner {
  readonly text: string
  pos = 0
  #start = 0
  #parens = 0
  #inBraces = false
  #inBrackets = false
  /** Right after `[`, until the first number: where durations may be calculated. */
  #durationExpr = false
  #gotColon = false
  #gotDuration = false

  constructor(text: string) {
    this.text = text
  }

  /** Comments and spaces are passed over. Throws QueryError. */
  next(): Token {
    for (;;) {
      this.#skipSpaces()
      this.#start = this.pos
      if (this.text[this.pos] !== '#' || this.#durationExpr) break
      while (this.pos < this.text.length && !/[\r\n]/.test(this.text[this.pos]!)) this.pos++
    }
    if (this.#inBraces) return this.#insideBraces()
    if (this.#durationExpr) return this.#insideBrackets()
    return this.#statement()
  }

  #skipSpaces(): void {
    while (isSpace(this.peek())) this.pos++
  }

  /** '' at the end. */
  peek(offset = 0): string {
    return this.text[this.pos + offset] ?? ''
  }

  emit(type: TokenType): Token {
    return { type, text: this.text.slice(this.#start, this.pos), start: this.#start, end: this.pos }
  }

  fail(message: string, at = this.#start): never {
    throw new QueryError(`parse error: ${message}`, this.text, at, this.text.length - at)
  }

  #take(type: TokenType, length: number): Token {
    this.pos += length
    return this.emit(type)
  }

  /** The whole character at the cursor, for messages; past the end Go has the replacement character. */
  #char(offset = 0): string {
    const code = this.text.codePointAt(this.pos + offset)
    return quote(code === undefined ? '\ufffd' : String.fromCodePoint(code), "'")
  }

  #statement(): Token {
    const c = this.peek()
    const two = c + this.peek(1)
    switch (c) {
      case '':
        if (this.#parens !== 0) this.fail('unclosed left parenthesis')
        if (this.#inBrackets) this.fail('unclosed left bracket')
        return this.emit('end')
      case ',':
      case '*':
      case '/':
      case '%':
      case '+':
      case '-':
      case '^':
      case '@':
        return this.#take(c, 1)
      case '=':
        if (two === '==') return this.#take('==', 2)
        if (two === '=~') this.fail(`unexpected character after '=': ${this.#char(1)}`)
        return this.#take('=', 1)
      case '!':
        if (two !== '!=') this.fail(`unexpected character after '!': ${this.#char(1)}`)
        return this.#take('!=', 2)
      case '<':
        return two === '<=' || two === '</' ? this.#take(two, 2) : this.#take('<', 1)
      case '>':
        return two === '>=' || two === '>/' ? this.#take(two, 2) : this.#take('>', 1)
      case '"':
      case "'":
        scanString(this)
        return this.emit('string')
      case '`':
        scanRawString(this)
        return this.emit('string')
      case '(':
      case ')':
        return this.#paren(c)
      case '{':
        this.#inBraces = true
        return this.#take('{', 1)
      case '[':
        return this.#openBracket()
      case ']':
        if (!this.#inBrackets) this.fail(`unexpected right bracket ${this.#char()}`)
        this.#inBrackets = false
        return this.#take(']', 1)
    }
    if (isDigit(c) || (c === '.' && isDigit(this.peek(1)))) return this.#numberOrDuration()
    if (isAlpha(c) || c === ':') return this.#inBrackets ? this.#wordInBrackets() : this.#word()
    return this.fail(`unexpected character: ${this.#char()}`)
  }

  #paren(c: '(' | ')'): Token {
    this.#parens += c === '(' ? 1 : -1
    if (this.#parens < 0) this.fail("unexpected right parenthesis ')'", this.pos + 1)
    return this.#take(c, 1)
  }

  #openBracket(): Token {
    if (this.#inBrackets) this.fail("unexpected left bracket '['")
    this.#gotColon = false
    this.#inBrackets = true
    this.#durationExpr = true
    return this.#take('[', 1)
  }

  /** `[...]` up to its first number. */
  #insideBrackets(): Token {
    const c = this.peek()
    switch (c) {
      case '':
        this.fail('unexpected end of input in duration expression')
        break
      case ']':
        this.#inBrackets = false
        this.#durationExpr = false
        this.#gotColon = false
        return this.#take(']', 1)
      case ':':
        if (!this.#gotDuration) this.fail('unexpected colon before duration in duration expression', this.pos + 1)
        if (this.#gotColon) this.fail('unexpected repeated colon in duration expression', this.pos + 1)
        this.#gotColon = true
        return this.#take(':', 1)
      case '(':
      case ')':
        return this.#paren(c)
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
      case '^':
      case ',':
        return this.#take(c, 1)
    }
    if (isDigit(c) || (c === '.' && isDigit(this.peek(1)))) {
      this.#gotDuration = true
      this.#durationExpr = false
      return this.#numberOrDuration()
    }
    return this.#durationWord() ?? this.fail(`unexpected character in duration expression: ${this.#char()}`)
  }

  #durationWord(): Token | undefined {
    const word = /^[a-z_]+/i.exec(this.text.slice(this.pos, this.pos + 100))?.[0] ?? ''
    const type = DURATION_WORDS[word.toLowerCase()]
    return type === undefined ? undefined : this.#take(type, word.length)
  }

  #wordInBrackets(): Token {
    if (this.peek() === ':') {
      if (this.#gotColon) this.fail("unexpected colon ':'")
      this.#gotColon = true
      return this.#take(':', 1)
    }
    return this.#durationWord() ?? this.fail(`unexpected character: ${this.#char()}, expected ':'`)
  }

  #numberOrDuration(): Token {
    if (scanNumber(this)) return this.emit('number')
    if (acceptDurationRest(this)) return this.emit('duration')
    return this.fail(`bad number or duration syntax: ${quote(this.text.slice(this.#start, this.pos))}`)
  }

  #word(): Token {
    while (isAlphaNumeric(this.peek()) || this.peek() === ':') this.pos++
    const word = this.text.slice(this.#start, this.pos)
    const keyword = KEYWORDS.get(word.toLowerCase())
    if (keyword === undefined) return this.emit(word.includes(':') ? 'metric identifier' : 'identifier')
    // `fill` may still be the name of a metric.
    if (/^fill/.test(keyword) && !/^[ \t\r\n]*\(/.test(this.text.slice(this.pos))) return this.emit('identifier')
    return this.emit(keyword)
  }

  #insideBraces(): Token {
    const c = this.peek()
    const two = c + this.peek(1)
    switch (c) {
      case '':
        this.fail('unexpected end of input inside braces')
        break
      case ',':
        return this.#take(',', 1)
      case '"':
      case "'":
        scanString(this)
        return this.emit('string')
      case '`':
        scanRawString(this)
        return this.emit('string')
      case '=':
        return two === '=~' ? this.#take('=~', 2) : this.#take('=', 1)
      case '!':
        if (two === '!=' || two === '!~') return this.#take(two, 2)
        this.fail(`unexpected character after '!' inside braces: ${this.#char(1)}`)
        break
      case '{':
        this.fail("unexpected left brace '{'")
        break
      case '}':
        this.#inBraces = false
        return this.#take('}', 1)
    }
    if (!isAlpha(c)) this.fail(`unexpected character inside braces: ${this.#char()}`)
    while (isAlphaNumeric(this.peek())) this.pos++
    return this.emit('identifier')
  }
}
