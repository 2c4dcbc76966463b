/**
 * The conditions of the OpenTelemetry Transformation Language (contrib pkg/ottl, grammar.go), as the filter
 * processor uses them:  condition = and ("or" and)* ; and = unit ("and" unit)* ;
 * unit = "not"? ( "(" condition ")" | value (op value)? )
 */
export type Expr =
  | { kind: 'or' | 'and'; parts: Expr[] }
  | { kind: 'not'; of: Expr }
  | { kind: 'compare'; op: '==' | '!=' | '<' | '<=' | '>' | '>='; left: Value; right: Value }
  | { kind: 'test'; of: Value }

export type Value =
  | { kind: 'literal'; value: string | bigint | number | boolean | null }
  | { kind: 'bytes'; hex: string }
  | { kind: 'path'; names: string[]; keys: (string | bigint)[]; text: string }
  | { kind: 'call'; name: string; args: Value[]; named: { name: string; value: Value }[]; keys: (string | bigint)[] }
  | { kind: 'list'; items: Value[] }
  | { kind: 'enum'; name: string }
  | { kind: 'math'; op: '+' | '-' | '*' | '/'; left: Value; right: Value }

/** A condition that OTTL would not take, in its words. */
export class OttlError extends Error {
  constructor(condition: string, problem: string) {
    super(`unable to parse OTTL condition ${JSON.stringify(condition)}: ${problem}`)
    this.name = 'OttlError'
  }

  /** In these very words. */
  static saying(message: string): OttlError {
    const error = new OttlError('', '')
    error.message = message
    return error
  }
}

interface Token {
  kind: 'bytes' | 'float' | 'int' | 'string' | 'op' | 'math' | 'bool' | 'word' | 'punct' | 'end'
  text: string
  column: number
}

const TOKENS: [Exclude<Token['kind'], 'end'>, RegExp][] = [
  ['bytes', /^0x[0-9a-fA-F]+/],
  ['float', /^[-+]?\d*\.\d+(?:[eE][-+]?\d+)?/],
  ['int', /^\d+/],
  ['string', /^"(?:\\.|[^\\"])*"/],
  ['op', /^(?:==|!=|>=|<=|>|<)/],
  ['math', /^[-+*/]/],
  ['bool', /^(?:true|false)\b/],
  ['word', /^[A-Za-z_][A-Za-z0-9_]*/],
  ['punct', /^[()[\],.:{}=]/],
]

function lex(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const blank = /^\s+/.exec(text.slice(at))
    if (blank) {
      at += blank[0].length
      continue
    }
    const rest = text.slice(at)
    const found = TOKENS.map(([kind, regexp]) => ({ kind, match: regexp.exec(rest) })).find(({ match }) => match)
    if (!found)
      throw OttlError.saying(`condition has invalid syntax: 1:${at + 1}: invalid input text ${JSON.stringify(rest)}`)
    tokens.push({ kind: found.kind, text: found.match![0], column: at + 1 })
    at += found.match![0].length
  }
  tokens.push({ kind: 'end', text: '<EOF>', column: at + 1 })
  return tokens
}

const MAX_LENGTH = 10_000
const MAX_DEPTH = 100

export function parseCondition(text: string): Expr {
  if (text.length > MAX_LENGTH)
    throw new OttlError(`${text.slice(0, 60)}…`, `it is longer than ${MAX_LENGTH} characters`)
  const tokens = lex(text)
  let at = 0
  let depth = 0
  const peek = () => tokens[at]!
  const is = (word: string) => peek().text === word && peek().kind !== 'string'
  const take = (word: string) => is(word) && ++at > 0
  const fail = (expected: string): never => {
    const { text: found, column } = peek()
    throw OttlError.saying(
      `condition has invalid syntax: 1:${column}: unexpected token ${JSON.stringify(found)} (expected ${expected})`,
    )
  }
  const expect = (word: string) => take(word) || fail(JSON.stringify(word))
  const deeper = <T>(parse: () => T): T => {
    if (++depth > MAX_DEPTH) throw new OttlError(text, `it nests deeper than ${MAX_DEPTH} levels`)
    const result = parse()
    depth--
    return result
  }

  const or = (): Expr => joined('or', and)
  const and = (): Expr => joined('and', unit)
  const joined = (word: 'or' | 'and', part: () => Expr): Expr => {
    const parts = [part()]
    while (take(word)) parts.push(part())
    return parts.length === 1 ? parts[0]! : { kind: word, parts }
  }
  const unit = (): Expr => {
    if (take('not')) return { kind: 'not', of: deeper(unit) }
    if (is('(')) {
      const start = at
      const saved = depth
      try {
        at++
        const inner = deeper(or)
        expect(')')
        if (peek().kind !== 'op' && peek().kind !== 'math') return inner
      } catch (error) {
        // It may be arithmetic in parentheses; if it is not, this error was the better one.
        at = start
        depth = saved
        try {
          return comparison()
        } catch {
          throw error
        }
      }
      at = start
      depth = saved
    }
    return comparison()
  }
  const comparison = (): Expr => {
    const left = sum()
    if (peek().kind !== 'op') {
      if (left.kind === 'call' || (left.kind === 'literal' && typeof left.value === 'boolean'))
        return { kind: 'test', of: left }
      return fail('<opcomparison> Value')
    }
    const op = tokens[at++]!.text as '=='
    return { kind: 'compare', op, left, right: sum() }
  }
  const sum = (): Value => {
    let left = product()
    while (peek().kind === 'math' && '+-'.includes(peek().text)) {
      left = { kind: 'math', op: tokens[at++]!.text as '+', left, right: product() }
    }
    return left
  }
  const product = (): Value => {
    let left = factor()
    while (peek().kind === 'math' && '*/'.includes(peek().text)) {
      left = { kind: 'math', op: tokens[at++]!.text as '*', left, right: factor() }
    }
    return left
  }
  const factor = (): Value => {
    if (take('(')) {
      const inner = deeper(sum)
      expect(')')
      return inner
    }
    return value()
  }
  const value = (): Value => {
    const token = tokens[at++]!
    switch (token.kind) {
      case 'string':
        return { kind: 'literal', value: unquote(text, token.text) }
      case 'int':
        return { kind: 'literal', value: BigInt(token.text) }
      case 'float':
        return { kind: 'literal', value: Number(token.text) }
      case 'bool':
        return { kind: 'literal', value: token.text === 'true' }
      case 'bytes':
        return { kind: 'bytes', hex: token.text.slice(2).toLowerCase() }
      case 'math': {
        if (token.text === '*' || token.text === '/') break
        const inner = value()
        return { kind: 'math', op: token.text as '-', left: { kind: 'literal', value: 0n }, right: inner }
      }
      case 'word':
        return word(token)
      case 'punct':
        if (token.text === '[') return { kind: 'list', items: items(']') }
    }
    at--
    return fail('Field ("." Field)*')
  }
  const items = (end: string): Value[] => {
    const list: Value[] = []
    while (!take(end)) {
      if (list.length > 0) expect(',')
      list.push(deeper(sum))
    }
    return list
  }
  /** `a, b, name=c`: those with a name stand last. */
  const callArguments = () => {
    const args: Value[] = []
    const named: { name: string; value: Value }[] = []
    while (!take(')')) {
      if (args.length + named.length > 0) expect(',')
      const name = peek().kind === 'word' && tokens[at + 1]?.text === '=' ? tokens[at]!.text : undefined
      if (name !== undefined) {
        at += 2
        named.push({ name, value: deeper(sum) })
      } else if (named.length > 0) fail('a named argument')
      else args.push(deeper(sum))
    }
    return { args, named }
  }
  const keys = (): (string | bigint)[] => {
    const found: (string | bigint)[] = []
    while (take('[')) {
      const token = tokens[at++]!
      if (token.kind === 'string') found.push(unquote(text, token.text))
      else if (token.kind === 'int') found.push(BigInt(token.text))
      else {
        at--
        fail('a string or an int')
      }
      expect(']')
    }
    return found
  }
  const word = (token: Token): Value => {
    if (token.text === 'nil') return { kind: 'literal', value: null }
    if (/^[A-Z]/.test(token.text)) {
      if (take('(')) {
        return { kind: 'call', name: token.text, ...callArguments(), keys: keys() }
      }
      if (/^[A-Z][A-Z0-9_]*$/.test(token.text)) return { kind: 'enum', name: token.text }
    }
    const names = [token.text]
    const found: (string | bigint)[] = keys()
    while (take('.')) {
      const next = tokens[at++]!
      if (next.kind !== 'word') {
        at--
        fail('a name')
      }
      names.push(next.text)
      found.push(...keys())
    }
    return { kind: 'path', names, keys: found, text: names.join('.') }
  }

  const expr = or()
  if (peek().kind !== 'end') fail('"and", "or" or the end')
  return expr
}

function unquote(condition: string, text: string): string {
  try {
    return JSON.parse(text) as string
  } catch {
    throw new OttlError(condition, `invalid escape in ${text}`)
  }
}
