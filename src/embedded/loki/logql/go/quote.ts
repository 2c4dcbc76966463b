/** Go's strconv.Quote. Printable means printable in Go's sense, near enough: letters, marks, numbers, signs, blank. */
export function quote(text: string): string {
  let out = '"'
  for (const char of text) out += escaped(char)
  return `${out}"`
}

const SHORT: Record<string, string> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u

function escaped(char: string): string {
  const short = SHORT[char]
  if (short !== undefined) return short
  if (PRINTABLE.test(char)) return char
  const code = char.codePointAt(0)!
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`
}

const PLAIN: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
}

/** The value of a quoted text, `"..."`, `'...'` or raw in backticks; undefined when it is not well formed. */
export function unquote(text: string): string | undefined {
  const mark = text[0]
  if (text.length < 2 || mark !== text.at(-1)) return undefined
  const body = text.slice(1, -1)
  if (mark === '`') return body.includes('`') ? undefined : body.replaceAll('\r', '')
  if (mark !== '"' && mark !== "'") return undefined
  if (body.includes('\n')) return undefined
  if (!body.includes('\\')) return body.includes(mark) ? undefined : body
  const pattern = /\\(?:([abfnrtv\\"'])|([0-7]{3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8}))|[^\\]/suy
  let out = ''
  let bytes: number[] = []
  const flush = () => {
    if (bytes.length > 0) out += Buffer.from(bytes).toString('utf8')
    bytes = []
  }
  while (pattern.lastIndex < body.length) {
    const found = pattern.exec(body)
    if (found === null) return undefined
    const [all, plain, octal, hex, short, long] = found
    const byte = octal === undefined ? hex && Number.parseInt(hex, 16) : Number.parseInt(octal, 8)
    if (typeof byte === 'number') {
      // Escaped bytes may make up a character together.
      if (byte > 255) return undefined
      bytes.push(byte)
      continue
    }
    flush()
    const unicode = short ?? long
    if (unicode !== undefined) {
      const code = Number.parseInt(unicode, 16)
      if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return undefined
      out += String.fromCodePoint(code)
    } else if (plain !== undefined) {
      if ((plain === '"' || plain === "'") && plain !== mark) return undefined
      out += PLAIN[plain]
    } else {
      if (all === mark) return undefined
      out += all
    }
  }
  flush()
  return out
}
