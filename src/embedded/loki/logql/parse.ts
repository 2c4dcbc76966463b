import { QueryError } from '../../../errors.ts'
import { drive, type Language, languageOf } from '../../../util/lalr-driver.ts'
import type { Expression } from './ast.ts'
import { type Draft, SyntaxFault } from './syntax/build.ts'
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
  let language: Language<ActingRule> | undefined
  return (query) => {
    const bytes = Buffer.byteLength(query)
    if (bytes >= MAX_QUERY_BYTES) {
      const message = `parse error : input size too long (${bytes} > ${MAX_QUERY_BYTES})`
      throw new QueryError(message, query.slice(0, 100), 0)
    }
    language ??= languageOf({ tokens: TOKENS, precedence: PRECEDENCE, rules: [...metricRules(), ...logRules()] })
    const draft = run(query, language)
    const fault = validate(draft)
    if (fault !== undefined) throw parseError(query, fault)
    return draft as Expression
  }
}

function run(query: string, language: Language<ActingRule>): Draft<Expression> {
  const lexer = new Lexer(query, (fault) => {
    throw syntaxError(query, fault)
  })
  return drive<ActingRule, Value>(language, {
    next: () => lexer.next(),
    value: () => lexer.value,
    offset: () => lexer.offset,
    reduce(rule, values, offset) {
      try {
        return rule.act(values, offset)
      } catch (error) {
        if (error instanceof QueryError) throw error
        const at = error instanceof SyntaxFault ? error.offset : offset
        throw parseError(query, { message: (error as Error).message, offset: at })
      }
    },
    deepens: ({ lhs, rhs }) => (rhs.length > 1 && !rhs.includes(lhs)) || /^(?:labelFilter|expr)/.test(rhs[0]!),
    maxDepth: MAX_DEPTH,
    tooDeep(offset) {
      throw parseError(query, { message: `query is nested more than ${MAX_DEPTH} levels deep`, offset })
    },
    unexpected(message) {
      throw syntaxError(query, { message, offset: lexer.offset, lineless: lexer.lineless })
    },
  })
}
