import { readDuration, readFloat, readInt, unquote } from './syntax/literals.ts'
import { Scanner } from './syntax/scanner.ts'
import { DOTTED, LITERALS } from './syntax/tokens.ts'

export interface LexError {
  message: string
  /** As Tempo reports them, from 1; line 0 where its scanner has lost the position. */
  line: number
  column: number
  /** Offset into the query. */
  offset: number
}

const SCOPES = /^(span|resource|parent|event|link|instrumentation|trace)[.:]$/
const ENDS_ATTRIBUTE = '{}()=~!<>&|^,'
const DURATION_CHARS = 'nsumhµdwy'

/** unicode.IsSpace */
const isSpace = (ch: string) => /^[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/.test(ch)

/** Whether `ch` may stand in an attribute's name without quotes. */
export function isAttributeChar(ch: string): boolean {
  return ch !== '' && !isSpace(ch) && !ENDS_ATTRIBUTE.includes(ch)
}

/** Cuts a query into the tokens of syntax/tokens.ts. After an error it goes on with `$end`, as Tempo's does. */
export class Lexer {
  readonly errors: LexError[] = []
  /** Of the token returned last: text of IDENTIFIER and STRING, int64 of INTEGER and DURATION, double of FLOAT. */
  value: string | bigint | number = ''
  readonly #scanner: Scanner
  #inAttribute = false
  #scope = ''
  #offset = 0

  constructor(query: string) {
    this.#scanner = new Scanner(query, (message) => this.fail(message))
  }

  fail(message: string): void {
    // The scanner may complain of the first character before it is there to be asked.
    const { line = 1, column = 1 } = this.#scanner ?? {}
    this.errors.push({ message, line, column, offset: this.#offset })
  }

  next(): string {
    const s = this.#scanner
    if (this.#inAttribute) return this.#attributePart()
    const kind = s.scan()
    this.#offset = s.offset
    switch (kind) {
      case 'eof':
        return '$end'
      case 'string':
      case 'raw':
        return this.#valued('STRING', () => unquote(s.text))
      case 'int':
      case 'float': {
        const duration = this.#durationFrom(s.text)
        if (duration !== undefined) {
          this.value = duration
          return 'DURATION'
        }
        return kind === 'int'
          ? this.#valued('INTEGER', () => readInt(s.text))
          : this.#valued('FLOAT', () => readFloat(s.text))
      }
      default:
        return this.#word(s.text)
    }
  }

  #valued(token: string, read: () => string | bigint | number): string {
    try {
      this.value = read()
      return token
    } catch (error) {
      this.fail((error as Error).message)
      return '$end'
    }
  }

  /** The longest token that starts with what was scanned and can be reached one character at a time. */
  #word(text: string): string {
    let longest: string | undefined
    let longer = text + this.#scanner.peek()
    while (this.#scanner.peek() !== '' && LITERALS.has(longer)) {
      longest = longer
      this.#scanner.take()
      longer += this.#scanner.peek()
    }
    if (longest !== undefined && SCOPES.test(longest)) this.#scope = longest
    const token = longest ?? (LITERALS.has(text) ? text : undefined)
    if (token === undefined) {
      this.value = text
      return 'IDENTIFIER'
    }
    this.#inAttribute = DOTTED.has(token)
    return token
  }

  /** After a scope's dot: a second scope (`parent.span.`), the name, or the mark that the name is over. */
  #attributePart(): string {
    const s = this.#scanner
    if (!isAttributeChar(s.peek())) {
      this.#inAttribute = false
      return 'END_ATTRIBUTE'
    }
    if (this.#scope === 'parent.') {
      for (const scope of ['span.', 'resource.']) {
        if ([...scope].some((ch, i) => s.peekAt(i) !== ch)) continue
        for (const _ of scope) s.take()
        this.#scope = scope
        return scope
      }
    }
    return this.#valued('IDENTIFIER', () => this.#attributeName())
  }

  #attributeName(): string {
    const s = this.#scanner
    let name = ''
    for (;;) {
      if (s.peek() === '"') name += this.#quotedPart()
      else if (isAttributeChar(s.peek())) name += s.take()
      else return name
    }
  }

  #quotedPart(): string {
    const s = this.#scanner
    s.take()
    let part = ''
    for (;;) {
      const ch = s.take()
      if (ch === '') throw new Error('unexpected EOF, expecting "')
      if (ch === '"') return part
      if (ch !== '\\') {
        part += ch
        continue
      }
      const escaped = s.peek()
      if (escaped !== '\\' && escaped !== '"') throw new Error('invalid escape sequence')
      part += s.take()
    }
  }

  /** A number directly followed by units is a duration, when it reads as one. */
  #durationFrom(number: string): bigint | undefined {
    const s = this.#scanner
    let length = 0
    let text = number
    for (;;) {
      const ch = s.peekAt(length)
      if (ch === '' || !(/^\p{N}$/u.test(ch) || DURATION_CHARS.includes(ch) || ch === '.')) break
      text += ch
      length++
    }
    if (length === 0) return undefined
    const duration = readDuration(text)
    if (duration !== undefined) for (let i = 0; i < length; i++) s.take()
    return duration
  }
}
