import { QueryError } from '../../../errors.ts'
import { drive, type Language, languageOf } from '../../../util/lalr-driver.ts'
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
  let language: Language<ActingRule> | undefined
  return (query) => {
    if (Buffer.byteLength(query) > MAX_QUERY_BYTES) {
      throw new QueryError(`query is longer than ${MAX_QUERY_BYTES} bytes`, query.slice(0, 100), 0)
    }
    const rules = () => [...rootRules(), ...spansetRules(), ...fieldRules()]
    language ??= languageOf({ tokens: TOKENS, precedence: PRECEDENCE, rules: rules() })
    return run(query, language)
  }
}

function run(query: string, language: Language<ActingRule>): Query {
  const lexer = new Lexer(query)
  const fail = (message: string) => lexer.fail(message)
  const parsed = drive<ActingRule, Value>(language, {
    next: () => lexer.next(),
    value: () => lexer.value,
    offset: () => 0,
    reduce: (rule, values) => rule.act(values, fail),
    deepens: ({ lhs, rhs }) => rhs.length > 1 && !/(List|ipeline)$/.test(lhs),
    maxDepth: MAX_DEPTH,
    tooDeep() {
      throw new QueryError(`parse error : query is nested more than ${MAX_DEPTH} levels deep`, query, 0)
    },
    unexpected(words) {
      fail(words)
      throw refusal(lexer.errors[0]!, query)
    },
  })
  const [error] = lexer.errors
  if (error !== undefined) throw refusal(error, query)
  return parsed
}

function refusal({ message, line, column, offset }: LexError, query: string): QueryError {
  const where = line === 0 && column === 0 ? ' ' : ` at line ${line}, col ${column}`
  return new QueryError(`parse error${where}: ${message}`, query, offset)
}
