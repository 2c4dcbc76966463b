import { type Call, type Expr, OttlError, type Statement } from './ast.ts'
import { lex, OttlSyntaxError, type TokenKind } from './lex.ts'
import { type Maybe, NONE } from './parse/machine.ts'
import { ValueGrammar } from './parse/values.ts'

const MAX_LENGTH = 10_000

/** Parses one condition by OTTL's grammar (grammar.go). Throws OttlError. */
export function parseCondition(text: string): Expr {
  return parse('condition', text, (grammar) => grammar.booleanExpression())
}

/** `set(span.name, "a") where span.kind == SPAN_KIND_SERVER`. Throws OttlError. */
export function parseStatement(text: string): Statement {
  return parse('statement', text, (grammar) => grammar.statement())
}

function parse<T>(what: 'condition' | 'statement', text: string, rule: (grammar: Grammar) => Maybe<T>): T {
  if (text.length > MAX_LENGTH) throw new OttlError(`a ${what} longer than ${MAX_LENGTH} characters is not read`)
  try {
    const grammar = new Grammar(text, lex(text))
    const parsed = rule(grammar)
    if (parsed === NONE || grammar.peek().kind !== 'EOF') throw grammar.failure()
    if (grammar.faults.length > 0) throw new OttlError(grammar.faults.join('; '))
    return parsed
  } catch (error) {
    if (!(error instanceof OttlSyntaxError)) throw error
    throw new OttlError(`${what} has invalid syntax: ${error.message}`)
  }
}

class Grammar extends ValueGrammar {
  statement(): Maybe<Statement> {
    const editor = this.either(
      () => this.editor(),
      () => this.converter(),
    ) as Maybe<Call>
    if (editor === NONE) return this.expected('Editor')
    if (/^[A-Z]/.test(editor.name)) {
      this.faults.unshift(`editor names must start with a lowercase letter but got '${editor.name}'`)
    }
    if (!this.is('Lowercase') || this.peek().text !== 'where') return { editor }
    this.at++
    const where = this.booleanExpression()
    return where === NONE ? NONE : { editor, where }
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
    while (this.is(op)) {
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
    const not = this.is('OpNot')
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
    if (!this.is('OpComparison')) return this.expected('<opcomparison> Value')
    const op = this.next().text as '=='
    const right = this.value()
    return right === NONE ? NONE : { kind: 'compare', op, left, right }
  }

  private constant(): Maybe<Expr> {
    if (this.is('Boolean')) return { kind: 'test', of: { kind: 'literal', value: this.next().text === 'true' } }
    const of = this.converter()
    return of === NONE ? NONE : { kind: 'test', of }
  }
}
