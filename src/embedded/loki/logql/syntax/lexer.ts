import { parseModelDuration } from '../../../series/model-duration.ts'
import { parseByteSize } from '../go/bytes.ts'
import { parseGoDuration } from '../go/duration.ts'
import { unquote } from '../go/quote.ts'
import type { ParseFault } from './fault.ts'
import { Scanner } from './scanner.ts'
import { FUNCTIONS, WORDS } from './tokens.ts'

/** What a token carries: text, or a bigint for a duration in nanoseconds, or a number of bytes. */
export type TokenValue = string | bigint | number | undefined

/** Turns a query into the grammar's tokens, one at a time. Keywords are taken in any case, as Loki does. */
export class Lexer {
  readonly #scanner: Scanner
  value: TokenValue

  constructor(query: string, fail: (fault: ParseFault) => never) {
    this.#scanner = new Scanner(query, fail)
  }

  /** Where the last token starts. */
  get offset(): number {
    return this.#scanner.start
  }

  /** Whether that token is more than Go's scanner scanned. */
  get lineless(): boolean {
    return this.#scanner.beyond
  }

  next(): string {
    const scanner = this.#scanner
    this.value = undefined
    for (;;) {
      const raw = scanner.scan()
      const { token } = scanner
      if (raw === 'end') return '$end'
      if (raw === 'number') return this.#number(token)
      if (raw === 'string') return this.#string(token)
      if (token === '#') {
        const end = scanner.text.indexOf('\n', scanner.at)
        scanner.at = end < 0 ? scanner.text.length : end
        continue
      }
      if (token === '-') {
        const special = this.#flag() ?? this.#duration(token)
        if (special !== undefined) return special
      }
      if (token === '[') return this.#range()
      return this.#word(token)
    }
  }

  #number(text: string): string {
    const duration = this.#duration(text)
    if (duration !== undefined) return duration
    const rest = this.#span(/^[\p{N}BikKMGTP.]*/u)
    const bytes = rest === '' ? undefined : parseByteSize(text + rest)
    if (bytes !== undefined && 'value' in bytes) {
      this.#scanner.at += rest.length
      this.value = bytes.value
      return 'BYTES'
    }
    this.value = text
    return 'NUMBER'
  }

  /** Numbers run on into a duration, in Prometheus's notation or else in Go's. */
  #duration(text: string): string | undefined {
    const rest = this.#span(/^[\p{N}nuµmshdwy.]*/u)
    if (rest === '') return undefined
    let parsed = parseModelDuration(text + rest)
    if ('error' in parsed) parsed = parseGoDuration(text + rest)
    if ('error' in parsed) return undefined
    this.#scanner.at += rest.length
    this.value = parsed.value
    return 'DURATION'
  }

  #span(pattern: RegExp): string {
    return pattern.exec(this.#scanner.text.slice(this.#scanner.at, this.#scanner.at + 1000))![0]
  }

  #flag(): string | undefined {
    const found = /^-(?:strict|keep-empty)(?![\p{L}-])/u.exec(this.#scanner.text.slice(this.#scanner.at))
    if (found === null) return undefined
    this.#scanner.at += found[0].length
    this.value = `-${found[0]}`
    return 'FUNCTION_FLAG'
  }

  #string(token: string): string {
    // What was no UTF-8 has become a replacement character on its way to us.
    if (token.includes('\uFFFD')) this.#scanner.fail('invalid UTF-8 encoding')
    this.value = unquote(token) ?? this.#scanner.fail('invalid syntax')
    return 'STRING'
  }

  #range(): string {
    const scanner = this.#scanner
    const end = scanner.text.indexOf(']', scanner.at)
    if (end < 0) scanner.fail("missing closing ']' in duration", true)
    const parsed = parseModelDuration(scanner.text.slice(scanner.at, end))
    scanner.at = end + 1
    if ('error' in parsed) scanner.fail(parsed.error)
    else this.value = parsed.value
    return 'RANGE'
  }

  #word(token: string): string {
    const scanner = this.#scanner
    const lower = token.toLowerCase()
    const name = FUNCTIONS.get(lower)
    if (name !== undefined) {
      if (isCall(scanner.text, scanner.at)) return name
      this.value = token
      return 'IDENTIFIER'
    }
    const longer = lower + scanner.peek()
    if (WORDS.has(longer) && scanner.peek() !== '') {
      scanner.at += scanner.peek().length
      return longer
    }
    if (WORDS.has(lower)) return lower
    this.value = token
    return 'IDENTIFIER'
  }
}

/** Whether a function's arguments, or its grouping, follow. */
function isCall(text: string, at: number): boolean {
  const call = /\s*(?:\(|(?:by|without)\s*\()/iuy
  call.lastIndex = at
  return call.test(text)
}
