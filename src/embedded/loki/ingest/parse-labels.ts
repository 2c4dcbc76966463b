import { type RawLabels, sortedLabels } from '../labels.ts'
import type { Labels } from '../logql/source.ts'

const NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y
const SPACE = /[ \t\r\n]*/y
const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/y

/**
 * The labels of a pushed stream, `{app="x", env="y"}`, by the grammar of a metric's labels in Prometheus.
 * Throws Error with Loki's words: line and column, what was found, what was expected.
 */
export function parseStreamLabels(text: string): Labels {
  let at = 0
  const fail = (expected: string): never => {
    const before = text.slice(0, at).split('\n')
    const where = `${before.length}:${before.at(-1)!.length + 1}`
    throw new Error(`couldn't parse labels: ${where}: parse error: ${found(text.slice(at))}${expected}`)
  }
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const match = pattern.exec(text)?.[0]
    if (match !== undefined) at += match.length
    return match
  }
  const skip = () => take(SPACE)
  const pairs: [string, string][] = []
  skip()
  if (text[at] !== '{') fail('')
  at++
  skip()
  while (text[at] !== '}') {
    const name = take(NAME) ?? fail(' in label set, expected identifier or "}"')
    skip()
    if (text[at] !== '=') fail(' in label set, expected "="')
    at++
    skip()
    const quoted = take(STRING) ?? fail(' in label set, expected string')
    pairs.push([name, unquote(quoted) ?? fail('')])
    skip()
    if (text[at] === ',') {
      at++
      skip()
    } else if (text[at] !== '}') fail(' in label set, expected "," or "}"')
  }
  at++
  skip()
  if (at < text.length) fail('')
  return sortedLabels(pairs as RawLabels)
}

function found(rest: string): string {
  if (rest === '') return 'unexpected end of input'
  const word = /^[a-zA-Z_][a-zA-Z0-9_]*/.exec(rest)?.[0]
  if (word !== undefined) return `unexpected identifier "${word}"`
  if (/^["'`]/.test(rest)) return 'unterminated quoted string'
  const symbol = /^[{},=]/.exec(rest)?.[0]
  return symbol === undefined ? `unexpected character: ${JSON.stringify([...rest][0])}` : `unexpected "${symbol}"`
}

const SIMPLE: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** Go's strconv.Unquote; undefined when an escape is none. */
function unquote(quoted: string): string | undefined {
  const body = quoted.slice(1, -1)
  if (quoted[0] === '`' || !body.includes('\\')) return body
  let good = true
  const bytes: Buffer[] = []
  const parts = body.matchAll(/\\x([0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})|\\([0-7]{3})|\\(.)|[^\\]+/gs)
  for (const [whole, x, u, U, octal, other] of parts) {
    const code = u ?? U
    if (x !== undefined) bytes.push(Buffer.from([Number.parseInt(x, 16)]))
    else if (octal !== undefined) bytes.push(Buffer.from([Number.parseInt(octal, 8) & 255]))
    else if (code !== undefined) {
      const point = Number.parseInt(code, 16)
      if (point > 0x10ffff) good = false
      else bytes.push(Buffer.from(String.fromCodePoint(point)))
    } else if (other === undefined) bytes.push(Buffer.from(whole))
    else if (SIMPLE[other] !== undefined) bytes.push(Buffer.from(SIMPLE[other]))
    else if (other === '\\' || other === quoted[0]) bytes.push(Buffer.from(other))
    else good = false
  }
  return good ? Buffer.concat(bytes).toString('utf8') : undefined
}
