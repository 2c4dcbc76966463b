import { QueryError } from '../../../../errors.ts'
import type { Span } from '../ast.ts'
import { describe, type Token, type TokenType } from '../lex/tokens.ts'
import { Lexer } from '../lex.ts'

export interface ParseOptions {
  /** Takes what real Prometheus hides behind feature flags: functions, duration arithmetic, fill, anchored. */
  experimental: boolean
}

/** What is being read when a token comes that does not fit: the innermost says it. */
interface Expectation {
  context: string
  expected: string
}

/** Trees deeper than this are refused: evaluation and printing recurse. */
const MAX_DEPTH = 500

/** The token at hand, and how to complain about it. */
export class Cursor {
  readonly query: string
  readonly options: ParseOptions
  readonly #lexer: Lexer
  #token: Token | undefined
  #expectations: Expectation[] = []
  #depth = 0
  /** End of the last token taken. */
  lastEnd = 0

  constructor(query: string, options: ParseOptions) {
    this.query = query
    this.options = options
    this.#lexer = new Lexer(query)
  }

  /** Read only when it is asked for: what brackets mean depends on what the parser has taken. */
  get token(): Token {
    this.#token ??= this.#lexer.next()
    return this.#token
  }

  at(...types: TokenType[]): boolean {
    return types.includes(this.token.type)
  }

  take(): Token {
    const token = this.token
    this.#token = undefined
    this.lastEnd = token.end
    return token
  }

  /** Takes the token when it is of that type. */
  accept(type: TokenType): Token | undefined {
    return this.token.type === type ? this.take() : undefined
  }

  /** Takes the token, which must be of that type. */
  expect(type: TokenType, context = '', expected = ''): Token {
    return this.accept(type) ?? this.unexpected(context, expected)
  }

  unexpected(context = '', expected = ''): never {
    const { token } = this
    const at = context === '' ? this.#expectations.at(-1) : { context, expected }
    const where = at === undefined ? '' : ` in ${at.context}`
    const what = at === undefined || at.expected === '' ? '' : `, expected ${at.expected}`
    return this.fail(`unexpected ${describe(token)}${where}${what}`, token)
  }

  fail(message: string, span: Span): never {
    throw new QueryError(`parse error: ${message}`, this.query, span.start, span.end - span.start)
  }

  /** Reads a part whose faults are told as faults of `context`. */
  within<T>(context: string, expected: string, read: () => T): T {
    this.#expectations.push({ context, expected })
    const result = read()
    this.#expectations.pop()
    return result
  }

  /** Reads what lies one level deeper. */
  deeper<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) this.fail(`expression is nested deeper than ${MAX_DEPTH} levels`, this.token)
    const result = read()
    this.#depth--
    return result
  }
}
