import { OttlError } from '../ast.ts'
import { OttlSyntaxError, type Token, type TokenKind, unquote } from '../lex.ts'

export const MAX_DEPTH = 100

/** Why a rule does not fit at a place; the one that came farthest is told. */
export const NONE = Symbol('does not fit')
export type Maybe<T> = T | typeof NONE

/** What participle does with a grammar: alternatives in their order, the first that fits counts. */
export class Machine {
  /** What is grammatical, and wrong all the same: told together. */
  readonly faults: string[] = []
  protected at = 0
  private depth = 0
  private farthest = { at: 0, expected: '' }
  /** By rule and place: without it, alternatives inside of alternatives would be tried again and again. */
  private readonly memo = new Map<string, { value: unknown; at: number; faults: string[] }>()
  protected readonly text: string
  protected readonly tokens: Token[]
  constructor(text: string, tokens: Token[]) {
    this.text = text
    this.tokens = tokens
  }

  peek(): Token {
    return this.tokens[this.at]!
  }

  /** The token that it stands at, left behind. */
  protected next(): Token {
    return this.tokens[this.at++]!
  }

  failure(): OttlSyntaxError {
    const { at, expected } = this.farthest.at >= this.at ? this.farthest : { at: this.at, expected: '' }
    const token = this.tokens[at]!
    const wanted = expected === '' ? '' : ` (expected ${expected})`
    const shown = token.kind === 'String' ? (unquote(token.text) ?? '') : token.text
    return this.wrong(token, `unexpected token ${JSON.stringify(shown)}${wanted}`)
  }

  protected wrong(token: Token, what: string): OttlSyntaxError {
    return new OttlSyntaxError(this.text, token.at, what)
  }

  /** The first that fits; the place is that of the beginning where none does. */
  protected either<T>(...rules: (() => Maybe<T>)[]): Maybe<T> {
    const before = this.at
    const { length } = this.faults
    for (const rule of rules) {
      const found = rule()
      if (found !== NONE) return found
      this.at = before
      this.faults.length = length
    }
    return NONE
  }

  protected between<T>(open: string, inner: () => Maybe<T>, close: string, told?: string): Maybe<T> {
    return this.either<T>(() => {
      if (!this.punct(open)) return NONE
      return this.deeper(() => {
        const found = inner()
        if (found === NONE) return NONE
        if (this.punct(close)) return found
        return told === undefined ? NONE : this.expected(told)
      })
    })
  }

  protected once<T>(rule: string, parse: () => Maybe<T>): Maybe<T> {
    const key = `${rule} ${this.at}`
    const known = this.memo.get(key)
    if (known !== undefined) {
      this.at = known.at
      this.faults.push(...known.faults)
      return known.value as Maybe<T>
    }
    const { length } = this.faults
    const value = this.either(parse)
    this.memo.set(key, { value, at: this.at, faults: this.faults.slice(length) })
    return value
  }

  protected deeper<T>(parse: () => T): T {
    if (++this.depth > MAX_DEPTH) throw new OttlError(`a condition nested deeper than ${MAX_DEPTH} levels is not read`)
    const result = parse()
    this.depth--
    return result
  }

  protected is(kind: TokenKind): boolean {
    return this.peek().kind === kind
  }

  protected punct(text: string): boolean {
    const fits = this.is('Punct') && this.peek().text === text
    if (fits) this.at++
    return fits
  }

  protected take<T>(value: T): T {
    this.at++
    return value
  }

  protected string(): string {
    const value = unquote(this.peek().text)
    if (value !== undefined) return value
    throw this.wrong(this.peek(), `invalid quoted string ${JSON.stringify(this.peek().text)}: invalid syntax`)
  }

  protected expected(what: string): typeof NONE {
    if (this.at >= this.farthest.at) this.farthest = { at: this.at, expected: what }
    return NONE
  }
}
