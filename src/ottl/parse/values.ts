import type { Argument, Expr, Field, Key, Path, Value } from '../ast.ts'
import { Machine, type Maybe, NONE } from './machine.ts'

const FIELD = 'Field ("." Field)*'
const CALL = '"(" (Argument ("," Argument)*)? ")" Key*'

/** What stands for a value: literals, paths, calls, lists, maps, arithmetic (grammar.go, value and below). */
export abstract class ValueGrammar extends Machine {
  abstract booleanExpression(): Maybe<Expr>

  value(): Maybe<Value> {
    return this.once('value', () =>
      this.either<Value>(
        () => (this.is('Nil') ? this.take({ kind: 'literal', value: null }) : NONE),
        () => {
          const literal = this.literal()
          return this.is('OpAddSub') || this.is('OpMultDiv') ? NONE : literal
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
        () => this.misplacedEditor(),
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
      throw this.wrong(this.peek(), `strconv.ParseInt: parsing ${JSON.stringify(text)}: value out of range`)
    }
    return this.take({ kind: 'literal', value })
  }

  /** An editor where a value is meant. */
  private misplacedEditor(): Maybe<Value> {
    const call = this.editor()
    if (call === NONE || call.kind !== 'call') return call
    this.faults.splice(-1, call.keys.length > 0 ? 1 : 0)
    this.faults.push(`converter names must start with an uppercase letter but got '${call.name}'`)
    if (call.keys.length > 0) this.faults.push(indexedEditor(call.name, call.keys))
    return call
  }

  protected editor(): Maybe<Value> {
    const name = this.name('Lowercase')
    if (name === NONE) return NONE
    const call = this.call(name)
    if (call !== NONE && call.kind === 'call' && call.keys.length > 0) this.faults.push(indexedEditor(name, call.keys))
    return call
  }

  protected converter(): Maybe<Value> {
    const name = this.name('Uppercase')
    return name === NONE ? NONE : this.call(name)
  }

  /** Words that stand together make one name. */
  private name(first: 'Uppercase' | 'Lowercase'): Maybe<string> {
    if (!this.is(first)) return NONE
    let name = this.next().text
    while (this.is('Uppercase') || this.is('Lowercase')) name += this.next().text
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
    if (!this.is('Lowercase')) return this.expected(FIELD)
    const { at } = this.peek()
    const fields: Field[] = []
    do {
      if (!this.is('Lowercase')) {
        this.at--
        break
      }
      fields.push({ name: this.next().text, keys: this.keys() })
    } while (this.punct('.'))
    const text = fields.map(({ name, keys }) => name + keysText(keys)).join('.')
    return { kind: 'path', text, fields, at }
  }

  private keys(): Key[] {
    const keys: Key[] = []
    while (this.peek().text === '[' && this.is('Punct')) {
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
    if (this.is('String')) return this.take(this.string())
    if (this.is('Int')) return this.take(BigInt(this.peek().text))
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
        while (this.is('String')) {
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
      while (this.is('Lowercase') || this.is('Underscore')) {
        this.at++
        if (!this.punct(',')) break
      }
      if (!this.punct(')') || !this.is('LambdaArrow')) return NONE
      this.at++
      const body = this.either<unknown>(
        () => {
          const value = this.value()
          return this.is('OpOr') || this.is('OpAnd') || this.is('OpComparison') ? NONE : value
        },
        () => this.booleanExpression(),
      )
      return body === NONE ? NONE : { kind: 'lambda' }
    })
  }

  private math(): Maybe<Value> {
    return this.once('math', () => this.chain('OpAddSub', () => this.chain('OpMultDiv', () => this.factor())))
  }

  private chain(op: 'OpAddSub' | 'OpMultDiv', part: () => Maybe<Value>): Maybe<Value> {
    let left = part()
    while (left !== NONE && this.is(op)) {
      const before = this.at
      const sign = this.next().text as '+'
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
      const sign = this.is('OpAddSub') ? this.next().text : '+'
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
}

const indexedEditor = (name: string, keys: readonly Key[]) =>
  `only paths and converters may be indexed, not editors, but got ${name}${keysText(keys)}`

const keysText = (keys: readonly Key[]) => keys.map((key) => `[${keyText(key)}]`).join('')

/** A key as Go's buildOriginalKeysText prints it. */
function keyText(key: Key): string {
  if (typeof key === 'object') return key.value.kind === 'path' ? key.value.text : ''
  return String(key)
}
