import { type Argument, type Expr, type Field, type Key, OttlError, type Path, type Value } from './ast.ts'
import { lex, syntaxError, type Token, type TokenKind, unquote } from './lex.ts'

const MAX_LENGTH = 10_000
const MAX_DEPTH = 100

/** Why a rule does not fit at a place; the one that came farthest is told. */
const NONE = Symbol('does not fit')
const FIELD = 'Field ("." Field)*'
const CALL = '"(" (Argument ("," Argument)*)? ")" Key*'
type Maybe<T> = T | typeof NONE

/**
 * Parses one condition as participle does with OTTL's grammar (grammar.go): alternatives in their order, the first
 * that fits counts. Throws OttlError.
 */
export function parseCondition(text: string): Expr {
  if (text.length > MAX_LENGTH) throw new OttlError(`a condition longer than ${MAX_LENGTH} characters is not read`)
  const parser = new Parser(text, lex(text))
  const expr = parser.booleanExpression()
  if (expr === NONE || parser.peek().kind !== 'EOF') throw parser.failure()
  if (parser.faults.length > 0) throw new OttlError(parser.faults.join('; '))
  return expr
}

class Parser {
  /** What is grammatical, and wrong all the same: told together. */
  readonly faults: string[] = []
  private at = 0
  private depth = 0
  private farthest = { at: 0, expected: '' }
  /** By rule and place: without it, alternatives inside of alternatives would be tried again and again. */
  private readonly memo = new Map<string, { value: unknown; at: number; faults: string[] }>()
  private readonly text: string
  private readonly tokens: Token[]
  constructor(text: string, tokens: Token[]) {
    this.text = text
    this.tokens = tokens
  }

  peek(): Token {
    return this.tokens[this.at]!
  }

  failure(): OttlError {
    const { at, expected } = this.farthest.at >= this.at ? this.farthest : { at: this.at, expected: '' }
    const token = this.tokens[at]!
    const wanted = expected === '' ? '' : ` (expected ${expected})`
    return syntaxError(
      this.text,
      token.at,
      `unexpected token ${JSON.stringify(token.kind === 'String' ? (unquote(token.text) ?? '') : token.text)}${wanted}`,
    )
  }

  booleanExpression(): Maybe<Expr> {
    return this.once('or', () =>
      this.joined('or', 'OpOr', () => this.joined('and', 'OpAnd', () => this.booleanValue())),
    )
  }

  private joined(kind: 'or' | 'and', op: TokenKind, part: () => Maybe<Expr>): Maybe<Expr> {
    const first = part()
    if (first === NONE) return NONE
    const parts = [first]
    while (this.peek().kind === op) {
      const before = this.at++
      const next = part()
      if (next === NONE) {
        this.at = before
        break
      }
      parts.push(next)
    }
    return parts.length === 1 ? first : { kind, parts }
  }

  private booleanValue(): Maybe<Expr> {
    const not = this.peek().kind === 'OpNot'
    return this.either<Expr>(() => {
      if (not) this.at++
      const of = this.either(
        () => this.comparison(),
        () => this.constant(),
        () => this.between('(', () => this.booleanExpression(), ')', '")"'),
      )
      return of === NONE || !not ? of : { kind: 'not', of }
    })
  }

  private comparison(): Maybe<Expr> {
    const left = this.value()
    if (left === NONE) return NONE
    if (this.peek().kind !== 'OpComparison') return this.expected('<opcomparison> Value')
    const op = this.tokens[this.at++]!.text as '=='
    const right = this.value()
    return right === NONE ? NONE : { kind: 'compare', op, left, right }
  }

  private constant(): Maybe<Expr> {
    if (this.peek().kind === 'Boolean') {
      return { kind: 'test', of: { kind: 'literal', value: this.tokens[this.at++]!.text === 'true' } }
    }
    const of = this.converter()
    return of === NONE ? NONE : { kind: 'test', of }
  }

  private value(): Maybe<Value> {
    return this.once('value', () =>
      this.either<Value>(
        () => (this.peek().kind === 'Nil' ? this.take({ kind: 'literal', value: null }) : NONE),
        () => {
          const literal = this.literal()
          const next = this.peek().kind
          return next === 'OpAddSub' || next === 'OpMultDiv' ? NONE : literal
        },
        () => this.lambda(),
        () => this.math(),
        () => this.simple(),
        () => this.map(),
        () => this.list(),
      ),
    )
  }

  /** Bytes, texts, bools and enums. */
  private simple(): Maybe<Value> {
    const { kind, text } = this.peek()
    if (kind === 'Bytes') return this.take({ kind: 'bytes', hex: text.slice(2).toLowerCase() })
    if (kind === 'String') return this.take({ kind: 'literal', value: this.string() })
    if (kind === 'Boolean') return this.take({ kind: 'literal', value: text === 'true' })
    if (kind === 'Uppercase' && this.tokens[this.at + 1]!.kind !== 'Lowercase')
      return this.take({ kind: 'enum', name: text })
    return this.expected(FIELD)
  }

  private literal(): Maybe<Value> {
    return this.once('literal', () =>
      this.either<Value>(
        () => this.editor(),
        () => this.converter(),
        () => this.number(),
        () => this.path(),
      ),
    )
  }

  private number(): Maybe<Value> {
    const { kind, text } = this.peek()
    if (kind === 'Float') return this.take({ kind: 'literal', value: Number(text) })
    if (kind !== 'Int') return NONE
    const value = BigInt(text)
    if (value > 0x7fffffffffffffffn) {
      throw syntaxError(
        this.text,
        this.peek().at,
        `strconv.ParseInt: parsing ${JSON.stringify(text)}: value out of range`,
      )
    }
    return this.take({ kind: 'literal', value })
  }

  private editor(): Maybe<Value> {
    const name = this.name('Lowercase')
    if (name === NONE) return NONE
    const call = this.call(name)
    if (call === NONE) return NONE
    this.faults.push(`converter names must start with an uppercase letter but got '${name}'`)
    if (call.kind === 'call' && call.keys.length > 0) {
      const keys = call.keys.map((key) => `[${keyText(key)}]`).join('')
      this.faults.push(`only paths and converters may be indexed, not editors, but got ${name}${keys}`)
    }
    return call
  }

  private converter(): Maybe<Value> {
    const name = this.name('Uppercase')
    return name === NONE ? NONE : this.call(name)
  }

  /** Words that stand together make one name. */
  private name(first: 'Uppercase' | 'Lowercase'): Maybe<string> {
    if (this.peek().kind !== first) return NONE
    let name = this.tokens[this.at++]!.text
    while (this.peek().kind === 'Uppercase' || this.peek().kind === 'Lowercase') name += this.tokens[this.at++]!.text
    return name
  }

  private call(name: string): Maybe<Value> {
    // A word in small letters may as well be a path, and one in capitals an enum.
    if (this.peek().text !== '(') return /^[A-Z].*[a-z]/.test(name) ? this.expected(CALL) : NONE
    return this.deeper(() => {
      this.at++
      const args: Argument[] = []
      for (let argument = this.argument(); argument !== NONE; ) {
        args.push(argument)
        const before = this.at
        argument = this.punct(',') ? this.argument() : NONE
        if (argument === NONE) this.at = before
      }
      if (!this.punct(')')) return this.expected('")" Key*')
      return { kind: 'call', name, args, keys: this.keys() }
    })
  }

  private argument(): Maybe<Argument> {
    const before = this.at
    const named = this.name('Lowercase')
    const name = named !== NONE && this.punct('=') ? { name: named } : {}
    if (!('name' in name)) this.at = before
    return this.either<Argument>(
      () => {
        const value = this.value()
        return value === NONE ? NONE : { ...name, value }
      },
      () => {
        const functionName = this.name('Uppercase')
        return functionName === NONE ? NONE : { ...name, functionName }
      },
    )
  }

  private path(): Maybe<Path> {
    if (this.peek().kind !== 'Lowercase') return this.expected(FIELD)
    const { at } = this.peek()
    const fields: Field[] = []
    do {
      if (this.peek().kind !== 'Lowercase') {
        this.at--
        break
      }
      fields.push({ name: this.tokens[this.at++]!.text, keys: this.keys() })
    } while (this.punct('.'))
    const text = fields.map(({ name, keys }) => name + keys.map((key) => `[${keyText(key)}]`).join('')).join('.')
    return { kind: 'path', text, fields, at }
  }

  private keys(): Key[] {
    const keys: Key[] = []
    while (this.peek().text === '[' && this.peek().kind === 'Punct') {
      const before = this.at
      const key = this.between('[', () => this.key(), ']')
      if (key === NONE) {
        this.at = before
        break
      }
      keys.push(key)
    }
    return keys
  }

  private key(): Maybe<Key> {
    if (this.peek().kind === 'String') return this.take(this.string())
    if (this.peek().kind === 'Int') return this.take(BigInt(this.peek().text))
    const value = this.either(
      () => this.math(),
      () => this.literal(),
    )
    return value === NONE ? NONE : { value }
  }

  private list(): Maybe<Value> {
    return this.between(
      '[',
      () => {
        const items: Value[] = []
        // Commas between the first few are optional, by the grammar.
        for (let item = this.either(() => this.value()); item !== NONE; item = this.either(() => this.value()))
          items.push(item)
        while (this.punct(',')) {
          const item = this.value()
          if (item === NONE) return NONE
          items.push(item)
        }
        return { kind: 'list', items } as Value
      },
      ']',
    )
  }

  private map(): Maybe<Value> {
    return this.between(
      '{',
      () => {
        const entries: { key: string; value: Value }[] = []
        while (this.peek().kind === 'String') {
          const key = this.take(this.string())
          if (!this.punct(':')) return this.expected('":"')
          const value = this.value()
          if (value === NONE) return NONE
          entries.push({ key, value })
          this.punct(',')
        }
        return { kind: 'map', entries } as Value
      },
      '}',
    )
  }

  private lambda(): Maybe<Value> {
    return this.either<Value>(() => {
      if (!this.punct('(')) return NONE
      while (this.peek().kind === 'Lowercase' || this.peek().kind === 'Underscore') {
        this.at++
        if (!this.punct(',')) break
      }
      if (!this.punct(')') || this.peek().kind !== 'LambdaArrow') return NONE
      this.at++
      const body = this.either<unknown>(
        () => {
          const value = this.value()
          return ['OpOr', 'OpAnd', 'OpComparison'].includes(this.peek().kind) ? NONE : value
        },
        () => this.booleanExpression(),
      )
      return body === NONE ? NONE : { kind: 'lambda' }
    })
  }

  private math(): Maybe<Value> {
    return this.once('math', () => this.chain('OpAddSub', () => this.chain('OpMultDiv', () => this.factor())))
  }

  private chain(op: TokenKind, part: () => Maybe<Value>): Maybe<Value> {
    let left = part()
    while (left !== NONE && this.peek().kind === op) {
      const before = this.at
      const sign = this.tokens[this.at++]!.text as '+'
      const right = part()
      if (right === NONE) {
        this.at = before
        break
      }
      left = { kind: 'math', op: sign, left, right }
    }
    return left
  }

  private factor(): Maybe<Value> {
    return this.either<Value>(() => {
      const sign = this.peek().kind === 'OpAddSub' ? this.tokens[this.at++]!.text : '+'
      const of = this.either(
        () => this.literal(),
        () => this.between('(', () => this.math(), ')'),
      )
      if (of === NONE || sign === '+') return of
      const number = of.kind === 'literal' ? of.value : undefined
      if (typeof number === 'bigint' || typeof number === 'number') return { kind: 'literal', value: -number }
      return { kind: 'negate', of }
    })
  }

  /** The first that fits; the place is that of the beginning where none does. */
  private either<T>(...rules: (() => Maybe<T>)[]): Maybe<T> {
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

  private between<T>(open: string, inner: () => Maybe<T>, close: string, told?: string): Maybe<T> {
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

  private once<T>(rule: string, parse: () => Maybe<T>): Maybe<T> {
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

  private deeper<T>(parse: () => T): T {
    if (++this.depth > MAX_DEPTH) throw new OttlError(`a condition nested deeper than ${MAX_DEPTH} levels is not read`)
    const result = parse()
    this.depth--
    return result
  }

  private punct(text: string): boolean {
    const fits = this.peek().kind === 'Punct' && this.peek().text === text
    if (fits) this.at++
    return fits
  }

  private take<T>(value: T): T {
    this.at++
    return value
  }

  private string(): string {
    const { text, at } = this.peek()
    const value = unquote(text)
    if (value === undefined)
      throw syntaxError(this.text, at, `invalid quoted string ${JSON.stringify(text)}: invalid syntax`)
    return value
  }

  private expected(what: string): typeof NONE {
    if (this.at >= this.farthest.at) this.farthest = { at: this.at, expected: what }
    return NONE
  }
}

/** A key as Go's buildOriginalKeysText prints it. */
function keyText(key: Key): string {
  if (typeof key === 'object') return key.value.kind === 'path' ? key.value.text : ''
  return String(key)
}
