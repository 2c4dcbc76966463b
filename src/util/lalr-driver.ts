import { buildTables, type Grammar, type ParserState, type Rule } from './lalr.ts'

/** A grammar with its tables, worked out once. */
export interface Language<R extends Rule> {
  rules: readonly R[]
  tokens: readonly string[]
  states: ParserState[]
  index: ReadonlyMap<string, number>
}

export function languageOf<R extends Rule>(grammar: Omit<Grammar, 'rules'> & { rules: R[] }): Language<R> {
  const { rules, tokens } = grammar
  return { rules, tokens, states: buildTables(grammar), index: new Map(tokens.map((token, i) => [token, i])) }
}

/** What a language makes of its tokens and rules, and how it refuses. */
export interface Parsing<R extends Rule, V> {
  /** The next token's name; `value` and `offset` are its own then. */
  next(): string
  value(): V | undefined
  offset(): number
  reduce(rule: R, values: V[], offset: number): V
  /** Whether what a rule makes is nested deeper than its parts: lists grow in length only. */
  deepens(rule: R): boolean
  maxDepth: number
  tooDeep(offset: number): never
  /** `words` is what yacc says of a token that cannot stand where it does. */
  unexpected(words: string): never
}

interface Entry<V> {
  state: number
  value: V
  depth: number
  offset: number
}

/** Runs a language's tables over its tokens, as yacc's parser does; returns the value of the first rule. */
export function drive<R extends Rule, V>(language: Language<R>, parsing: Parsing<R, V>): V {
  const { rules, tokens, states, index } = language
  const stack: Entry<V>[] = [{ state: 0, value: undefined as V, depth: 0, offset: 0 }]
  let token: number | undefined
  for (;;) {
    const state = states[stack.at(-1)!.state]!
    let action: ReturnType<ParserState['actions']['get']>
    if (state.reads) {
      token ??= index.get(parsing.next())!
      action = state.actions.get(token)
    }
    if (action === 'accept') return stack.at(-1)!.value
    if (typeof action === 'object' && 'shift' in action) {
      const value = parsing.value() ?? (tokens[token!] as V)
      stack.push({ state: action.shift, value, depth: 0, offset: parsing.offset() })
      token = undefined
      continue
    }
    const reduce = typeof action === 'object' ? action.reduce : action === 'error' ? undefined : state.fallback
    if (reduce === undefined) return parsing.unexpected(explain(state, token!, tokens))
    const rule = rules[reduce]!
    const taken = stack.splice(stack.length - rule.rhs.length)
    const { offset } = taken[0]!
    const depth = Number(parsing.deepens(rule)) + Math.max(...taken.map((entry) => entry.depth))
    if (depth > parsing.maxDepth) return parsing.tooDeep(offset)
    const values = taken.map((entry) => entry.value)
    const value = parsing.reduce(rule, values, offset)
    stack.push({ state: states[stack.at(-1)!.state]!.goto.get(rule.lhs)!, value, depth, offset })
  }
}

/** As goyacc words it: at most four expected tokens, and none where the state would reduce anyway. */
function explain(state: ParserState, token: number, tokens: readonly string[]): string {
  const said = `syntax error: unexpected ${tokens[token]}`
  const wanted = (kind: 'shift' | 'reduce') =>
    [...state.actions]
      .filter(([i, action]) => i > 0 && typeof action === 'object' && kind in action)
      .map(([i]) => i)
      .sort((a, b) => a - b)
  const expected = [...wanted('shift'), ...wanted('reduce')]
  if (expected.length === 0 || expected.length > 4 || state.fallback !== undefined) return said
  return `${said}, expecting ${expected.map((i) => tokens[i]).join(' or ')}`
}
