/** A step of `json x="a.b[0]"`: a key, or an index. */
export type Step = string | number

interface Token {
  kind: 'LSB' | 'RSB' | 'DOT' | 'FIELD' | 'STRING' | 'INDEX' | '$end'
  value?: Step
}

/**
 * values: field | '[' STRING ']' | '[' INDEX ']' | values '[' STRING ']' | values '[' INDEX ']' | values '.' field
 * (Loki's jsonexpr.y). Throws Error in the words of its parser.
 */
export function parseJsonPath(expression: string): Step[] {
  const refuse = (reason: string) => new Error(`cannot parse expression [${expression}]: ${reason}`)
  const unexpected = (token: Token, wanted?: string) =>
    refuse(`syntax error: unexpected ${token.kind}${wanted === undefined ? '' : `, expecting ${wanted}`}`)
  const { tokens, fault } = tokenize(expression)
  const steps: Step[] = []
  let i = 0
  const next = () => tokens[i++] ?? { kind: '$end' as const }
  for (;;) {
    const token = next()
    const first = steps.length === 0
    if (token.kind === '$end' && !first) break
    if (token.kind === 'LSB') {
      const key = next()
      if (key.kind !== 'STRING' && key.kind !== 'INDEX') throw unexpected(key, 'STRING or INDEX')
      const close = next()
      if (close.kind !== 'RSB') throw unexpected(close, 'RSB')
      steps.push(key.value!)
    } else if (token.kind === 'DOT' && !first) {
      const field = next()
      if (field.kind !== 'FIELD') throw unexpected(field, 'FIELD')
      steps.push(field.value!)
    } else if (token.kind === 'FIELD' && first) steps.push(token.value!)
    else throw unexpected(token, first ? 'LSB or FIELD' : undefined)
  }
  if (fault !== undefined) throw refuse(fault)
  return steps
}

/** Stops at what is no token; what came before is then judged first. */
function tokenize(text: string): { tokens: Token[]; fault?: string } {
  const tokens: Token[] = []
  const pattern = /[ \t\n]*(?:(\d+)(?=[ \t\n.\]])|([A-Za-z_]\w*)|"([^"\]]*)["\]]?|([[\].]))/y
  while (/[^ \t\n]/.test(text.slice(pattern.lastIndex))) {
    const at = pattern.lastIndex
    const found = pattern.exec(text)
    if (found === null) {
      const rest = text.slice(at).trimStart()
      const number = /^\d+(.?)/.exec(rest)
      if (number !== null) return { tokens, fault: `non-integer value: ${number[1] || '\0'}` }
      return { tokens, fault: `unexpected char ${[...rest][0]}` }
    }
    const [, index, field, string, mark] = found
    if (index !== undefined) {
      if (text[pattern.lastIndex] === '.') return { tokens, fault: 'cannot use float as array index' }
      tokens.push({ kind: 'INDEX', value: Number(index) })
    } else if (field !== undefined) tokens.push({ kind: 'FIELD', value: field })
    else if (string !== undefined) tokens.push({ kind: 'STRING', value: string })
    else tokens.push({ kind: mark === '[' ? 'LSB' : mark === ']' ? 'RSB' : 'DOT' })
  }
  return { tokens }
}
