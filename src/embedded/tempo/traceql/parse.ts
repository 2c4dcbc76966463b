import { QueryError } from '../../../errors.ts'
import { buildTables, type ParserState } from '../../../util/lalr.ts'
import type { Query } from './ast.ts'
import { type LexError, Lexer } from './lex.ts'
import { fieldRules } from './syntax/field-rules.ts'
import { rootRules } from './syntax/metrics-rules.ts'
import type { ActingRule, Value } from './syntax/rules.ts'
import { spansetRules } from './syntax/spanset-rules.ts'
import { PRECEDENCE, TOKENS } from './syntax/tokens.ts'

/** Longer queries are refused; Tempo's own limit is 128 KiB too. */
export const MAX_QUERY_BYTES = 128 * 1024
/** Nested deeper than this, a query is refused: printing and evaluating it would overflow the stack. */
const MAX_DEPTH = 1500

export type Parse = (query: string) => Query

/**
 * Makes the parser; its tables are worked out at the first query (some tens of milliseconds).
 * It throws QueryError with Tempo's words, such as `parse error at line 1, col 5: syntax error: unexpected )`.
 */
export function createParser(): Parse {
  let parser: { rules: ActingRule[]; states: ParserState[]; tokens: Map<string, number> } | undefined
  return (query) => {
    if (Buffer.byteLength(query) > MAX_QUERY_BYTES) {
      throw new QueryError(`query is longer than ${MAX_QUERY_BYTES} bytes`, query.slice(0, 100), 0)
    }
    if (parser === undefined) {
      const rules = [...rootRules(), ...spansetRules(), ...fieldRules()]
      const states = buildTables({ tokens: TOKENS, precedence: PRECEDENCE, rules })
      parser = { rules, states, tokens: new Map(TOKENS.map((token, i) => [token, i])) }
    }
    return run(query, parser)
  }
}

interface Tables {
  rules: ActingRule[]
  states: ParserState[]
  tokens: Map<string, number>
}

interface Entry {
  state: number
  value: Value
  depth: number
}

function run(query: string, { rules, states, tokens }: Tables): Query {
  const lexer = new Lexer(query)
  const fail = (message: string) => lexer.fail(message)
  const stack: Entry[] = [{ state: 0, value: undefined, depth: 0 }]
  let token: number | undefined
  for (;;) {
    const state = states[stack.at(-1)!.state]!
    let action: ReturnType<ParserState['actions']['get']>
    if (state.reads) {
      token ??= tokens.get(lexer.next())!
      action = state.actions.get(token)
    }
    if (action === 'accept') break
    if (typeof action === 'object' && 'shift' in action) {
      stack.push({ state: action.shift, value: lexer.value, depth: 0 })
      token = undefined
      continue
    }
    const reduce = typeof action === 'object' ? action.reduce : action === 'error' ? undefined : state.fallback
    if (reduce === undefined) {
      fail(explain(state, token!))
      throw refusal(lexer.errors[0]!, query)
    }
    const rule = rules[reduce]!
    const taken = stack.splice(stack.length - rule.rhs.length)
    // Lists and pipelines grow in length, not in depth.
    const deeper = rule.rhs.length > 1 && !/(List|ipeline)$/.test(rule.lhs) ? 1 : 0
    const depth = deeper + Math.max(...taken.map((entry) => entry.depth))
    if (depth > MAX_DEPTH) {
      throw new QueryError(`parse error : query is nested more than ${MAX_DEPTH} levels deep`, query, 0)
    }
    const value = rule.act(
      taken.map((entry) => entry.value),
      fail,
    )
    stack.push({ state: states[stack.at(-1)!.state]!.goto.get(rule.lhs)!, value, depth })
  }
  const [error] = lexer.errors
  if (error !== undefined) throw refusal(error, query)
  return stack.at(-1)!.value
}

/** As goyacc words it: at most four expected tokens, and none where the state would reduce anyway. */
function explain(state: ParserState, token: number): string {
  const said = `syntax error: unexpected ${TOKENS[token]}`
  const wanted = (kind: 'shift' | 'reduce') =>
    [...state.actions]
      .filter(([i, action]) => i > 0 && typeof action === 'object' && kind in action)
      .map(([i]) => i)
      .sort((a, b) => a - b)
  const expected = [...wanted('shift'), ...wanted('reduce')]
  if (expected.length === 0 || expected.length > 4 || state.fallback !== undefined) return said
  return `${said}, expecting ${expected.map((i) => TOKENS[i]).join(' or ')}`
}

function refusal({ message, line, column, offset }: LexError, query: string): QueryError {
  const where = line === 0 && column === 0 ? ' ' : ` at line ${line}, col ${column}`
  return new QueryError(`parse error${where}: ${message}`, query, offset)
}
