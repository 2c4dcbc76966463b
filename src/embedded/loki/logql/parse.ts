import { QueryError } from '../../../errors.ts'
import { buildTables, type ParserState } from '../../../util/lalr.ts'
import type { Expression } from './ast.ts'
import { type Draft, Refusal } from './syntax/build.ts'
import { parseError, syntaxError } from './syntax/fault.ts'
import { Lexer } from './syntax/lexer.ts'
import { logRules } from './syntax/log-rules.ts'
import { metricRules } from './syntax/metric-rules.ts'
import type { ActingRule, Value } from './syntax/rules.ts'
import { PRECEDENCE, TOKENS } from './syntax/tokens.ts'
import { validate } from './syntax/validate.ts'

/** Longer queries are refused; the limit is Loki's. */
export const MAX_QUERY_BYTES = 128 * 1024
/** Nested deeper than this, a query is refused: printing and evaluating it would overflow the stack. */
const MAX_DEPTH = 1000

/** Throws QueryError with Loki's words, such as `parse error at line 1, col 5: syntax error: unexpected )`. */
export type Parse = (query: string) => Expression

/** Makes the parser; its tables are worked out at the first query (some tens of milliseconds). */
export function createParser(): Parse {
  let tables: Tables | undefined
  return (query) => {
    const bytes = Buffer.byteLength(query)
    if (bytes >= MAX_QUERY_BYTES) {
      const message = `parse error : input size too long (${bytes} > ${MAX_QUERY_BYTES})`
      throw new QueryError(message, query.slice(0, 100), 0)
    }
    tables ??= createTables()
    const draft = run(query, tables)
    const fault = validate(draft)
    if (fault !== undefined) throw parseError(query, fault)
    return draft as Expression
  }
}

interface Tables {
  rules: ActingRule[]
  states: ParserState[]
  tokens: Map<string, number>
}

function createTables(): Tables {
  const rules = [...metricRules(), ...logRules()]
  const states = buildTables({ tokens: TOKENS, precedence: PRECEDENCE, rules })
  return { rules, states, tokens: new Map(TOKENS.map((token, i) => [token, i])) }
}

interface Entry {
  state: number
  value: Value
  depth: number
  offset: number
}

function run(query: string, { rules, states, tokens }: Tables): Draft<Expression> {
  const lexer = new Lexer(query, (fault) => {
    throw syntaxError(query, fault)
  })
  const stack: Entry[] = [{ state: 0, value: undefined, depth: 0, offset: 0 }]
  let token: number | undefined
  for (;;) {
    const state = states[stack.at(-1)!.state]!
    let action: ReturnType<ParserState['actions']['get']>
    if (state.reads) {
      token ??= tokens.get(lexer.next())!
      action = state.actions.get(token)
    }
    if (action === 'accept') return stack.at(-1)!.value
    if (typeof action === 'object' && 'shift' in action) {
      stack.push({ state: action.shift, value: lexer.value ?? TOKENS[token!], depth: 0, offset: lexer.offset })
      token = undefined
      continue
    }
    const reduce = typeof action === 'object' ? action.reduce : action === 'error' ? undefined : state.fallback
    if (reduce === undefined)
      throw syntaxError(query, { message: explain(state, token!), offset: lexer.offset, lineless: lexer.lineless })
    const rule = rules[reduce]!
    const taken = stack.splice(stack.length - rule.rhs.length)
    stack.push(reduced(rule, taken, states[stack.at(-1)!.state]!.goto.get(rule.lhs)!, query))
  }
}

function reduced(rule: ActingRule, taken: Entry[], state: number, query: string): Entry {
  const { offset } = taken[0]!
  // Lists grow in length, not in depth.
  const deeper =
    rule.rhs.length > 1 && !rule.rhs.includes(rule.lhs) ? 1 : Number(/^(?:labelFilter|expr)/.test(rule.rhs[0]!))
  const depth = deeper + Math.max(...taken.map((entry) => entry.depth))
  if (depth > MAX_DEPTH) {
    throw parseError(query, { message: `query is nested more than ${MAX_DEPTH} levels deep`, offset })
  }
  try {
    const values = taken.map((entry) => entry.value)
    return { state, value: rule.act(values, offset), depth, offset }
  } catch (error) {
    if (error instanceof QueryError) throw error
    const at = error instanceof Refusal ? error.offset : offset
    throw parseError(query, { message: (error as Error).message, offset: at })
  }
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
