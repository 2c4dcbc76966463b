import { quote, unquote } from '../go/quote.ts'

export interface Token {
  kind:
    | 'field'
    | 'variable'
    | 'identifier'
    | 'string'
    | 'number'
    | 'char'
    | 'dot'
    | 'pipe'
    | 'open'
    | 'close'
    | 'comma'
    | 'declare'
    | 'assign'
    | 'space'
  text: string
  offset: number
}

export type Part = { text: string } | { tokens: Token[]; offset: number }

export class TemplateFault extends Error {
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

const TOKEN =
  /(?<space>[ \t\r\n]+)|(?<field>\.[\p{L}_][\p{L}\p{N}_]*)|(?<variable>\$[\p{L}\p{N}_]*)|(?<number>[-+]?(?:0[xXoObB][\da-fA-F_]+|\.?\d[\d_]*(?:\.[\d_]*)?(?:[eEpP][-+]?\d+)?))|(?<identifier>[\p{L}_][\p{L}\p{N}_]*)|(?<string>"(?:\\.|[^"\\\n])*"|`[^`]*`)|(?<char>'(?:\\.|[^'\\\n])+')|(?<declare>:=)|(?<assign>=)|(?<dot>\.)|(?<pipe>\|)|(?<open>\()|(?<close>\))|(?<comma>,)/uy

/** Text and actions in turn; `{{-` and `-}}` trim the text beside them, comments are left out. */
export function lexTemplate(source: string): Part[] {
  const parts: Part[] = []
  let at = 0
  let trimNext = false
  for (;;) {
    const open = source.indexOf('{{', at)
    let text = source.slice(at, open < 0 ? source.length : open)
    if (trimNext) text = text.replace(/^[ \t\r\n]+/, '')
    const trims = open >= 0 && /^\{\{-[ \t\r\n]/.test(source.slice(open, open + 4))
    if (trims) text = text.replace(/[ \t\r\n]+$/, '')
    if (text !== '') parts.push({ text })
    if (open < 0) return parts
    const from = open + (trims ? 3 : 2)
    const comment = /[ \t\r\n]*\/\*/y
    comment.lastIndex = from
    if (trims ? comment.test(source) : source.startsWith('/*', from)) {
      const end = source.indexOf('*/', from)
      if (end < 0) throw new TemplateFault('unclosed comment', open)
      const close = /([ \t\r\n]-)?\}\}/y
      close.lastIndex = end + 2
      const found = close.exec(source)
      if (found === null) throw new TemplateFault('comment ends before closing delimiter', open)
      trimNext = found[1] !== undefined
      at = close.lastIndex
      continue
    }
    const action = lexAction(source, from)
    parts.push({ tokens: action.tokens, offset: open })
    trimNext = action.trims
    at = action.end
  }
}

function lexAction(source: string, from: number): { tokens: Token[]; end: number; trims: boolean } {
  const tokens: Token[] = []
  let at = from
  for (;;) {
    if (source.startsWith('}}', at)) return { tokens, end: at + 2, trims: false }
    if (/^[ \t\r\n]-\}\}/.test(source.slice(at, at + 4))) return { tokens, end: at + 4, trims: true }
    if (at >= source.length) throw new TemplateFault('unclosed action', from)
    TOKEN.lastIndex = at
    const found = TOKEN.exec(source)
    if (found === null) throw new TemplateFault(wrong(source, at), at)
    const kind = Object.entries(found.groups!).find(([, text]) => text !== undefined)![0] as Token['kind']
    let text = found[0]
    if (kind === 'space') {
      // The blank before `-}}` belongs to the mark.
      const mark = /^[ \t\r\n]-\}\}/.test(source.slice(at + text.length - 1, at + text.length + 3))
      if (mark) text = text.slice(0, -1)
    }
    if (text !== '') tokens.push({ kind, text, offset: at })
    at += text.length
  }
}

function wrong(source: string, at: number): string {
  const char = String.fromCodePoint(source.codePointAt(at)!)
  if (char === '"') return 'unterminated quoted string'
  if (char === '`') return 'unterminated raw quoted string'
  if (char === "'") return 'unterminated character constant'
  // Go's lexer lets other ASCII characters pass, and its parser does not know what to do with them.
  if (/[!-~]/.test(char)) return `unexpected ${quote(char)} in operand`
  const code = char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
  return `unrecognized character in action: U+${code} '${char}'`
}

/** The value of a string or character constant. */
export function constantText(token: Token): string {
  const value = unquote(token.text)
  if (value === undefined) throw new TemplateFault('invalid syntax', token.offset)
  return value
}
