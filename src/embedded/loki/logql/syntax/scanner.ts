import type { ParseFault } from './fault.ts'
import { invalidSeparator, scanNumber } from './scan-number.ts'

export type RawToken = 'identifier' | 'number' | 'string' | 'end' | 'other'

const LETTER = /[\p{L}_]/u
const LETTER_OR_DIGIT = /[\p{L}\p{Nd}_]/u
const ESCAPE = /^\\(?:[abfnrtv\\]|[0-7]{3}|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8})/

/**
 * What Go's text/scanner makes of a text, as Loki uses it: Go's identifiers, numbers and strings, comments of
 * C and C++ skipped, and every other character by itself. Its positions are those that messages name.
 */
export class Scanner {
  readonly text: string
  readonly #fail: (fault: ParseFault) => never
  /** Where the next character is. */
  at = 0
  /** Of the token that was scanned last. */
  start = 0
  /** Its end, -1 while it is being scanned. */
  #end = -1

  constructor(text: string, fail: (fault: ParseFault) => never) {
    this.text = text
    this.#fail = fail
    if (text[0] === '\uFEFF') this.at = 1
  }

  get token(): string {
    return this.text.slice(this.start, this.at)
  }

  /** The next character, '' at the end. */
  peek(): string {
    const code = this.text.codePointAt(this.at)
    return code === undefined ? '' : String.fromCodePoint(code)
  }

  /** Whether more was read than the token that was scanned last. */
  get beyond(): boolean {
    return this.at !== this.#end
  }

  fail(message: string, lineless = this.#end !== -1 && this.beyond): never {
    return this.#fail({ message, offset: this.start, lineless })
  }

  scan(): RawToken {
    this.#end = -1
    const token = this.#scan()
    this.#end = this.at
    return token
  }

  #scan(): RawToken {
    this.#skip()
    this.start = this.at
    const char = this.peek()
    if (char === '') return 'end'
    if (LETTER.test(char)) {
      while (LETTER_OR_DIGIT.test(this.peek())) this.at += this.peek().length
      return 'identifier'
    }
    if (/\d/.test(char) || (char === '.' && /\d/.test(this.text[this.at + 1] ?? ''))) return this.#number()
    if (char === '"' || char === "'") {
      this.#quoted(char)
      return char === '"' ? 'string' : 'other'
    }
    if (char === '`') {
      const end = this.text.indexOf('`', this.at + 1)
      if (end < 0) this.fail('literal not terminated')
      this.at = end + 1
      return 'string'
    }
    this.at += char.length
    return 'other'
  }

  #skip(): void {
    for (;;) {
      while (' \t\n\r'.includes(this.text[this.at] ?? 'x')) this.at++
      if (this.text.startsWith('//', this.at)) {
        const end = this.text.indexOf('\n', this.at)
        this.at = end < 0 ? this.text.length : end
      } else if (this.text.startsWith('/*', this.at)) {
        this.start = this.at
        const end = this.text.indexOf('*/', this.at + 2)
        if (end < 0) this.fail('comment not terminated')
        this.at = end + 2
      } else return
    }
  }

  #number(): RawToken {
    const { end, fault } = scanNumber(this.text, this.at)
    this.at = end
    if (fault !== undefined) this.fail(fault)
    if (invalidSeparator(this.token)) this.fail("'_' must separate successive digits")
    return 'number'
  }

  #quoted(mark: string): void {
    let at = this.at + 1
    for (;;) {
      const char = this.text[at]
      if (char === undefined || char === '\n') this.fail('literal not terminated')
      if (char === mark) break
      if (char === '\\') {
        const found = this.text[at + 1] === mark ? [`\\${mark}`] : ESCAPE.exec(this.text.slice(at, at + 10))
        if (found === null) this.fail('invalid char escape')
        at += found![0]!.length
      } else at++
    }
    this.at = at + 1
  }
}
