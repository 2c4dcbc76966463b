// Finds its way through JSON text as jsonparser does, the Go library that Loki uses: lazily, without checking what
// it skips, so that a line cut short still yields the labels before the cut. Its messages are Loki's error details.

export const FAULTS = {
  json: 'Malformed JSON error',
  string: "Value is string, but can't find closing '\"' symbol",
  array: "Value is array, but can't find closing ']' symbol",
  object: "Value looks like object, but can't find closing '}' symbol",
  unknown: 'Unknown value type',
  escape: 'Encountered an invalid escape sequence in a string',
} as const

export class JsonFault extends Error {}

export type ValueKind = 'string' | 'number' | 'boolean' | 'null' | 'object' | 'array'

export interface Value {
  kind: ValueKind
  /** Of a string: without the quotes. */
  from: number
  to: number
  /** Where to read on. */
  end: number
}

const QUOTE = 34
const BACKSLASH = 92

/** The next character that is no blank; the text's length when there is none. */
export function nextToken(text: string, from: number): number {
  let at = from
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at)
    if (c !== 32 && c !== 10 && c !== 13 && c !== 9) break
  }
  return at
}

/** Where the string that starts before `from` ends: the index of its closing quote, -1 when it has none. */
export function stringEnd(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let back = at - 1
    while (back >= from && text.charCodeAt(back) === BACKSLASH) back--
    if ((at - 1 - back) % 2 === 0) return at
  }
  return -1
}

/** One past the bracket that closes the one at `from`; -1 when there is none. */
export function blockEnd(text: string, from: number, open: number, close: number): number {
  let level = 0
  for (let at = from; at < text.length; at++) {
    const c = text.charCodeAt(at)
    if (c === QUOTE) {
      at = stringEnd(text, at + 1)
      if (at < 0) return -1
    } else if (c === open) level++
    else if (c === close && --level === 0) return at + 1
  }
  return -1
}

/** The value after `from`. Throws JsonFault. */
export function readValue(text: string, from: number): Value {
  const at = nextToken(text, from)
  const c = text.charCodeAt(at)
  if (c === QUOTE) {
    const to = stringEnd(text, at + 1)
    if (to < 0) throw new JsonFault(FAULTS.string)
    return { kind: 'string', from: at + 1, to, end: to + 1 }
  }
  if (c === 91) {
    const end = blockEnd(text, at, 91, 93)
    if (end < 0) throw new JsonFault(FAULTS.array)
    return { kind: 'array', from: at, to: end, end }
  }
  if (c === 123) {
    const end = blockEnd(text, at, 123, 125)
    if (end < 0) throw new JsonFault(FAULTS.object)
    return { kind: 'object', from: at, to: end, end }
  }
  if (at >= text.length) throw new JsonFault(FAULTS.json)
  const to = tokenEnd(text, at)
  return { kind: scalarKind(text.slice(at, to)), from: at, to, end: to }
}

function tokenEnd(text: string, from: number): number {
  let at = from
  for (; at < text.length; at++) {
    const c = text.charCodeAt(at)
    if (c === 32 || c === 10 || c === 13 || c === 9 || c === 44 || c === 125 || c === 93) break
  }
  return at
}

function scalarKind(token: string): ValueKind {
  if (/^[-\d]/.test(token)) return 'number'
  if (token === 'true' || token === 'false') return 'boolean'
  if (token === 'null') return 'null'
  throw new JsonFault(FAULTS.unknown)
}

const SHORT: Record<string, string> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** Undefined when an escape is not valid, a lone surrogate among them. */
export function unescapeText(text: string): string | undefined {
  let at = text.indexOf('\\')
  if (at < 0) return text
  let out = text.slice(0, at)
  for (;;) {
    const letter = text[at + 1]
    const short = letter === undefined ? undefined : SHORT[letter]
    if (short !== undefined) {
      out += short
      at += 2
    } else {
      const found = /\\u(?:([\da-fA-F]{4}))(?:\\u([\da-fA-F]{4}))?/y
      found.lastIndex = at
      const match = found.exec(text)
      if (match === null) return undefined
      const code = Number.parseInt(match[1]!, 16)
      if (code < 0xd800 || code > 0xdfff) {
        out += String.fromCharCode(code)
        at += 6
      } else {
        if (match[2] === undefined || Number.parseInt(match[2], 16) < 0xdc00) return undefined
        out += String.fromCharCode(code, Number.parseInt(match[2], 16))
        at += 12
      }
    }
    const next = text.indexOf('\\', at)
    if (next < 0) return out + text.slice(at)
    out += text.slice(at, next)
    at = next
  }
}
