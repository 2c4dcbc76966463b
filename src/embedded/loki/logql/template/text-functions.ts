import { parseByteSize } from '../go/bytes.ts'
import { parseGoDuration } from '../go/duration.ts'
import { RegexpCache } from '../regexp.ts'
import { fn, type TemplateFunction } from './function.ts'
import { isTrue, type Value } from './values.ts'

/** No function makes a text longer than this. */
export const MAX_TEXT = 1_000_000

const bounded = (size: number) => {
  if (size > MAX_TEXT) throw new Error(`the result would be longer than ${MAX_TEXT} characters`)
}

/** Go's strings.TrimLeft and TrimRight: any of the characters. */
export function trimSet(text: string, set: string, side: 'left' | 'right' | 'both'): string {
  const chars = [...text]
  const cut = new Set(set)
  let from = 0
  let to = chars.length
  if (side !== 'right') while (from < to && cut.has(chars[from]!)) from++
  if (side !== 'left') while (to > from && cut.has(chars[to - 1]!)) to--
  return chars.slice(from, to).join('')
}

const trimPrefix = (text: string, prefix: string) => (text.startsWith(prefix) ? text.slice(prefix.length) : text)
const trimSuffix = (text: string, suffix: string) =>
  suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text

/** Go's strings.Replace: at most `count` times, without end when negative; an empty text is found between runes. */
function replaceSome(text: string, old: string, by: string, count: bigint): string {
  const limit = count < 0n ? Infinity : Number(count)
  const parts = old === '' ? ['', ...text, ''] : text.split(old)
  bounded(text.length + by.length * Math.min(parts.length, limit))
  let out = parts[0]!
  for (const [i, part] of parts.slice(1).entries()) out += (i < limit ? by : old) + part
  return out
}

function repeat(text: string, count: bigint): string {
  if (count < 0n) throw new Error('strings: negative Repeat count')
  bounded(text.length * Number(count))
  return text.repeat(Number(count))
}

function indent(count: bigint, text: string): string {
  const pad = repeat(' ', count)
  return pad + replaceSome(text, '\n', `\n${pad}`, -1n)
}

/** Characters from start to end, forgiving where either lies outside. */
function substring(start: bigint, end: bigint, text: string): string {
  const runes = [...text]
  const to = Math.min(Number(end), runes.length)
  if (start < 0n) return end < 0n ? '' : runes.slice(0, to).join('')
  return runes.slice(Math.min(Number(start), runes.length), end < 0n ? runes.length : to).join('')
}

function truncate(count: bigint, text: string): string {
  const runes = [...text]
  const size = Number(count)
  if (size < 0) return runes.length + size > 0 ? runes.slice(size).join('') : text
  return runes.length > size ? runes.slice(0, size).join('') : text
}

function align(count: bigint, text: string, right: boolean): string {
  const runes = [...text]
  const size = Number(count)
  if (size < 0) return text
  if (size > runes.length) {
    bounded(size)
    const pad = ' '.repeat(size - runes.length)
    return right ? pad + text : text + pad
  }
  return (right ? runes.slice(runes.length - size) : runes.slice(0, size)).join('')
}

function title(text: string): string {
  return text.replaceAll(/(?<=^|[^\P{ASCII}\w]|\s)\p{L}/gu, (letter) => letter.toUpperCase())
}

function urlDecode(text: string): string {
  const bad = /%(?![\da-fA-F]{2})/.exec(text)
  if (bad !== null) throw new Error(`invalid URL escape "${text.slice(bad.index, bad.index + 3)}"`)
  const bytes = text.replaceAll('+', ' ').split(/(%[\da-fA-F]{2})/)
  return Buffer.concat(
    bytes.map((part, i) => (i % 2 === 1 ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part))),
  ).toString()
}

export function urlEncode(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString())
    .replaceAll('%20', '+')
    .replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

function base64Decode(text: string): string {
  const rest = text.length % 4
  const padded = rest > 1 ? text + '='.repeat(4 - rest) : text
  const bad = /[^A-Za-z0-9+/]/.exec(padded.replace(/={1,2}$/, ''))
  if (bad !== null) return `illegal base64 data at input byte ${bad.index}`
  if (padded.length % 4 !== 0) return `illegal base64 data at input byte ${padded.length - (padded.length % 4)}`
  return Buffer.from(padded, 'base64').toString()
}

const orThrow = <T>(parsed: { value: T } | { error: string }): T => {
  if ('error' in parsed) throw new Error(parsed.error)
  return parsed.value
}

const seconds = (text: string) => Number(orThrow(parseGoDuration(text))) / 1e9

/** Loki's functions on texts: its own, and those it takes from sprig. */
export function textFunctions(): Record<string, TemplateFunction> {
  type S = string
  const regexps = new RegexpCache()
  const lower = fn('string', (s: S) => s.toLowerCase())
  const upper = fn('string', (s: S) => s.toUpperCase())
  return {
    ToLower: lower,
    ToUpper: upper,
    lower,
    upper,
    title: fn('string', title),
    Replace: fn('string string string int', replaceSome),
    replace: fn('string string string', (old: S, by: S, text: S) => replaceSome(text, old, by, -1n)),
    Trim: fn('string string', (text: S, set: S) => trimSet(text, set, 'both')),
    TrimLeft: fn('string string', (text: S, set: S) => trimSet(text, set, 'left')),
    TrimRight: fn('string string', (text: S, set: S) => trimSet(text, set, 'right')),
    TrimPrefix: fn('string string', trimPrefix),
    TrimSuffix: fn('string string', trimSuffix),
    TrimSpace: fn('string', (s: S) => s.trim()),
    trim: fn('string', (s: S) => s.trim()),
    trimAll: fn('string string', (set: S, text: S) => trimSet(text, set, 'both')),
    trimPrefix: fn('string string', (prefix: S, text: S) => trimPrefix(text, prefix)),
    trimSuffix: fn('string string', (suffix: S, text: S) => trimSuffix(text, suffix)),
    trunc: fn('int string', truncate),
    substr: fn('int int string', substring),
    contains: fn('string string', (part: S, text: S) => text.includes(part)),
    hasPrefix: fn('string string', (part: S, text: S) => text.startsWith(part)),
    hasSuffix: fn('string string', (part: S, text: S) => text.endsWith(part)),
    indent: fn('int string', indent),
    nindent: fn('int string', (count: bigint, text: S) => `\n${indent(count, text)}`),
    repeat: fn('int string', (count: bigint, text: S) => repeat(text, count)),
    alignLeft: fn('int string', (count: bigint, text: S) => align(count, text, false)),
    alignRight: fn('int string', (count: bigint, text: S) => align(count, text, true)),
    regexReplaceAll: fn('string string string', (re: S, text: S, by: S) => regexps.replaceAll(re, text, by, false)),
    regexReplaceAllLiteral: fn('string string string', (re: S, s: S, by: S) => regexps.replaceAll(re, s, by, true)),
    count: fn('string string', (re: S, text: S) => BigInt(regexps.count(re, text))),
    urldecode: fn('string', urlDecode),
    urlencode: fn('string', urlEncode),
    b64enc: fn('string', (s: S) => Buffer.from(s).toString('base64')),
    b64dec: fn('string', base64Decode),
    bytes: fn('string', (s: S) => orThrow(parseByteSize(s))),
    duration: fn('string', seconds),
    duration_seconds: fn('string', seconds),
    default: fn('any any...', (otherwise: Value, given?: Value) => (isTrue(given) ? given : otherwise)),
    fromJson: fn('string', fromJson),
  }
}

function fromJson(text: string): Value {
  try {
    return convert(JSON.parse(text))
  } catch {
    return undefined
  }
}

function convert(json: unknown): Value {
  if (Array.isArray(json)) return json.map(convert)
  if (json === null) return undefined
  if (typeof json === 'object') return new Map(Object.entries(json).map(([key, value]) => [key, convert(value)]))
  return json as Value
}
