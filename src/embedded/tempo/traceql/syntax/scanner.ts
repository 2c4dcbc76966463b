/**
 * Characters to raw tokens as Go's text/scanner cuts them (its source is the reference): Tempo's lexer stands on
 * it, so comments, number forms and the columns of messages come from there.
 */
export type RawKind = 'eof' | 'ident' | 'int' | 'float' | 'char' | 'string' | 'raw' | 'other'

const EOF = ''
const LETTER = /^[\p{L}_]$/u
const LETTER_OR_DIGIT = /^[\p{L}\p{Nd}_]$/u
const isDecimal = (ch: string) => ch >= '0' && ch <= '9' && ch.length === 1
const isHex = (ch: string) => /^[0-9a-fA-F]$/.test(ch)
const isBlank = (ch: string) => ch === ' ' || ch === '\t' || ch === '\n' || ch === '\r'

const LITERAL_NAMES: Record<string, string> = {
  '': 'decimal literal',
  x: 'hexadecimal literal',
  o: 'octal literal',
  '0': 'octal literal',
  b: 'binary literal',
}

export class Scanner {
  /** Of the token scanned last, from 1; `line` is 0 once a single character was taken since. */
  line = 0
  column = 0
  text = ''
  /** Offset of the token scanned last, in UTF-16 code units. */
  offset = 0
  readonly #chars: string[]
  readonly #onError: (message: string) => void
  /** Index of the character after the current one. */
  #at = 0
  #ch: string
  #onLine = 1
  #onColumn = 0
  #lastLineLength = 0
  #width = 0
  #start = -1
  #units = 0
  #unitsAt = 0

  constructor(source: string, onError: (message: string) => void) {
    this.#chars = Array.from(source)
    this.#onError = onError
    this.#ch = this.#next()
    if (this.#ch === '\uFEFF') this.#ch = this.#next()
  }

  /** The next character, or '' at the end. */
  peek(): string {
    return this.#ch
  }

  /** The `n`th character after the next one. */
  peekAt(n: number): string {
    return n === 0 ? this.#ch : (this.#chars[this.#at + n - 1] ?? EOF)
  }

  /** Takes one character. The position of the last token is void from here on. */
  take(): string {
    const ch = this.#ch
    this.line = 0
    if (ch !== EOF) this.#ch = this.#next()
    return ch
  }

  scan(): RawKind {
    for (;;) {
      while (isBlank(this.#ch)) this.#ch = this.#next()
      this.#start = this.#at - this.#width
      for (; this.#unitsAt < this.#start; this.#unitsAt++) this.#units += this.#chars[this.#unitsAt]!.length
      this.offset = this.#units
      if (this.#onColumn > 0) {
        this.line = this.#onLine
        this.column = this.#onColumn
      } else {
        this.line = this.#onLine - 1
        this.column = this.#lastLineLength
      }
      const kind = this.#token()
      if (kind === undefined) continue
      this.text = this.#chars.slice(this.#start, this.#at - this.#width).join('')
      return kind
    }
  }

  /** undefined after a comment. */
  #token(): RawKind | undefined {
    const ch = this.#ch
    if (ch === EOF) return 'eof'
    if (LETTER.test(ch)) {
      do this.#ch = this.#next()
      while (LETTER_OR_DIGIT.test(this.#ch))
      return 'ident'
    }
    if (isDecimal(ch)) return this.#number(false)
    this.#ch = this.#next()
    if (ch === '"' || ch === "'") {
      const length = this.#quoted(ch)
      if (ch === "'" && length !== 1) this.#onError('invalid char literal')
      this.#ch = this.#next()
      return ch === '"' ? 'string' : 'char'
    }
    if (ch === '`') {
      while (this.#ch !== '`' && this.#ch !== EOF) this.#ch = this.#next()
      if (this.#ch === EOF) this.#onError('literal not terminated')
      this.#ch = this.#next()
      return 'raw'
    }
    if (ch === '.' && isDecimal(this.#ch)) return this.#number(true)
    if (ch === '/' && (this.#ch === '/' || this.#ch === '*')) {
      this.#comment()
      return undefined
    }
    return 'other'
  }

  #next(): string {
    const ch = this.#chars[this.#at]
    if (ch === undefined) {
      if (this.#width > 0) this.#onColumn++
      this.#width = 0
      return EOF
    }
    this.#at++
    this.#width = 1
    this.#onColumn++
    if (ch === '\0') this.#onError('invalid character NUL')
    if (ch === '\n') {
      this.#onLine++
      this.#lastLineLength = this.#onColumn
      this.#onColumn = 0
    }
    return ch
  }

  #digits(base: number, invalid: { digit: string }): { digits: boolean; separators: boolean } {
    let digits = false
    let separators = false
    while (this.#ch === '_' || (base <= 10 ? isDecimal(this.#ch) : isHex(this.#ch))) {
      if (this.#ch === '_') separators = true
      else {
        digits = true
        if (base <= 10 && Number(this.#ch) >= base && invalid.digit === '') invalid.digit = this.#ch
      }
      this.#ch = this.#next()
    }
    return { digits, separators }
  }

  #number(afterDot: boolean): RawKind {
    let base = 10
    let prefix = ''
    let seenDot = afterDot
    let any = false
    let separators = false
    const invalid = { digit: '' }
    const part = (inBase: number, bad = invalid) => {
      const { digits, separators: some } = this.#digits(inBase, bad)
      any ||= digits
      separators ||= some
      return digits
    }
    if (!afterDot) {
      if (this.#ch === '0') {
        this.#ch = this.#next()
        prefix = this.#ch.toLowerCase()
        base = { x: 16, o: 8, b: 2 }[prefix] ?? 0
        if (base > 0) this.#ch = this.#next()
        else {
          base = 8
          prefix = '0'
          any = true
        }
      }
      part(base)
      if (this.#ch === '.') {
        this.#ch = this.#next()
        seenDot = true
      }
    }
    if (seenDot) {
      if (prefix === 'o' || prefix === 'b') this.#onError(`invalid radix point in ${LITERAL_NAMES[prefix]}`)
      part(base)
    }
    if (!any) this.#onError(`${LITERAL_NAMES[prefix]} has no digits`)
    let kind: RawKind = seenDot ? 'float' : 'int'
    const exponent = this.#ch.toLowerCase()
    if (exponent === 'e' || exponent === 'p') {
      if (exponent === 'e' && prefix !== '' && prefix !== '0') {
        this.#onError(`'${this.#ch}' exponent requires decimal mantissa`)
      } else if (exponent === 'p' && prefix !== 'x') {
        this.#onError(`'${this.#ch}' exponent requires hexadecimal mantissa`)
      }
      this.#ch = this.#next()
      kind = 'float'
      if (this.#ch === '+' || this.#ch === '-') this.#ch = this.#next()
      if (!part(10, { digit: '0' })) this.#onError('exponent has no digits')
    } else if (prefix === 'x' && kind === 'float') {
      this.#onError("hexadecimal mantissa requires a 'p' exponent")
    }
    if (kind === 'int' && invalid.digit !== '') {
      this.#onError(`invalid digit '${invalid.digit}' in ${LITERAL_NAMES[prefix]}`)
    }
    if (separators) {
      const text = this.#chars.slice(this.#start, this.#at - this.#width).join('')
      if (/(^|[^0-9a-fA-FxobXOB])_|_($|[^0-9a-fA-F])/.test(text)) {
        this.#onError("'_' must separate successive digits")
      }
    }
    return kind
  }

  /** Returns the number of characters; stands on the closing quote. */
  #quoted(quote: string): number {
    let count = 0
    for (; this.#ch !== quote; count++) {
      if (this.#ch === '\n' || this.#ch === EOF) {
        this.#onError('literal not terminated')
        return count
      }
      if (this.#ch === '\\') this.#escape(quote)
      else this.#ch = this.#next()
    }
    return count
  }

  #escape(quote: string): void {
    this.#ch = this.#next()
    const ch = this.#ch
    if (ch === quote || (ch !== EOF && 'abfnrtv\\'.includes(ch))) {
      this.#ch = this.#next()
      return
    }
    const [first, digit, length] =
      ch >= '0' && ch <= '7' && ch.length === 1
        ? [false, /^[0-7]$/, 3]
        : [true, /^[0-9a-fA-F]$/, { x: 2, u: 4, U: 8 }[ch] ?? 0]
    if (length === 0) {
      this.#onError('invalid char escape')
      return
    }
    if (first) this.#ch = this.#next()
    let left = length
    while (left > 0 && digit.test(this.#ch)) {
      this.#ch = this.#next()
      left--
    }
    if (left > 0) this.#onError('invalid char escape')
  }

  #comment(): void {
    if (this.#ch === '/') {
      do this.#ch = this.#next()
      while (this.#ch !== '\n' && this.#ch !== EOF)
      return
    }
    this.#ch = this.#next()
    for (;;) {
      if (this.#ch === EOF) {
        this.#onError('comment not terminated')
        return
      }
      const before = this.#ch
      this.#ch = this.#next()
      if (before === '*' && this.#ch === '/') {
        this.#ch = this.#next()
        return
      }
    }
  }
}
