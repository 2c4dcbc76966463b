export type TokenKind =
  | 'Bytes'
  | 'Float'
  | 'Int'
  | 'String'
  | 'Nil'
  | 'OpNot'
  | 'OpOr'
  | 'OpAnd'
  | 'OpComparison'
  | 'LambdaArrow'
  | 'OpAddSub'
  | 'OpMultDiv'
  | 'Boolean'
  | 'Punct'
  | 'Uppercase'
  | 'Lowercase'
  | 'Underscore'
  | 'EOF'

export interface Token {
  kind: TokenKind
  text: string
  at: number
}

/** The rules of buildLexer in their order: the first that fits wins, not the longest. */
const RULES: [TokenKind | undefined, RegExp][] = [
  ['Bytes', /0x[a-fA-F0-9]+/y],
  ['Float', /(\d+\.\d*|\d*\.\d+)([eE][-+]?\d+)?/y],
  ['Int', /\d+/y],
  ['String', /"(\\.|[^\\"])*"/y],
  ['Nil', /nil\b/y],
  ['OpNot', /not\b/y],
  ['OpOr', /or\b/y],
  ['OpAnd', /and\b/y],
  ['OpComparison', /==|!=|>=|<=|=>|>|</y],
  ['OpAddSub', /[+-]/y],
  ['OpMultDiv', /[/*]/y],
  ['Boolean', /(true|false)\b/y],
  ['Punct', /[=(){}:,.[\]]/y],
  ['Uppercase', /[A-Z][A-Z0-9_]*/y],
  ['Lowercase', /[a-z][a-z0-9_]*/y],
  [undefined, /\s+/y],
  ['Underscore', /_\b/y],
]

/** Throws OttlError on what is no token. */
export function lex(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length) {
    const before = at
    for (const [kind, rule] of RULES) {
      rule.lastIndex = at
      const found = rule.exec(text)?.[0]
      if (found === undefined) continue
      if (kind !== undefined) tokens.push({ kind: found === '=>' ? 'LambdaArrow' : kind, text: found, at })
      at += found.length
      break
    }
    if (at === before)
      throw new OttlSyntaxError(text, at, `lexer: invalid input text ${JSON.stringify(shortened(text.slice(at)))}`)
  }
  tokens.push({ kind: 'EOF', text: '<EOF>', at: text.length })
  return tokens
}

/** participle shows no more than so much. */
const shortened = (rest: string) => ([...rest].length > 16 ? `${[...rest].slice(0, 16).join('')}...` : rest)

/** What the text is not, and where: `1:6: unexpected token`. */
export class OttlSyntaxError extends Error {
  constructor(text: string, at: number, what: string) {
    const before = text.slice(0, at).split('\n')
    super(`${before.length}:${[...before.at(-1)!].length + 1}: ${what}`)
    this.name = 'OttlSyntaxError'
  }
}

const ESCAPES: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** Go's strconv.Unquote; undefined where it would refuse. */
export function unquote(quoted: string): string | undefined {
  const inner = quoted.slice(1, -1)
  if (inner.includes('\n')) return undefined
  let ok = true
  const text = inner.replace(
    /\\(x[0-9a-fA-F]{2}|[0-7]{3}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[\s\S]?)/g,
    (_, part: string) => {
      if (part === '\\' || part === '"') return part
      if (Object.hasOwn(ESCAPES, part)) return ESCAPES[part]!
      const code = /^[xuU]./.test(part)
        ? Number.parseInt(part.slice(1), 16)
        : /^\d{3}$/.test(part)
          ? Number.parseInt(part, 8)
          : Number.NaN
      const surrogate = code >= 0xd800 && code <= 0xdfff
      if (Number.isNaN(code) || code > 0x10ffff || surrogate || (/^\d/.test(part) && code > 255)) ok = false
      return ok ? String.fromCodePoint(code) : ''
    },
  )
  return ok ? text : undefined
}
