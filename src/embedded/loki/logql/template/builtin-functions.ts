import { fn, type TemplateFunction } from './function.ts'
import { sprintf } from './printf.ts'
import { urlEncode } from './text-functions.ts'
import { isGoTime } from './time.ts'
import { isTrue, show, typeName, type Value } from './values.ts'

/** The functions that text/template brings along; `and` and `or` are the executor's, since they may not look at all. */
export function builtinFunctions(): Record<string, TemplateFunction> {
  const ordered = (holds: (order: number) => boolean) => fn('any any', (a: Value, b: Value) => holds(order(a, b)))
  return {
    not: fn('any', (value: Value) => !isTrue(value)),
    len: fn('any', length),
    index: fn('any any...', index),
    slice: fn('any any...', slice),
    print: fn('any...', print),
    println: fn('any...', (...values: Value[]) => `${values.map(show).join(' ')}\n`),
    printf: fn('string any...', (format: string, ...values: Value[]) => sprintf(format, values)),
    html: fn('any...', (...values: Value[]) => escapeHtml(print(...values))),
    js: fn('any...', (...values: Value[]) => escapeJs(print(...values))),
    urlquery: fn('any...', (...values: Value[]) => urlEncode(print(...values))),
    eq: fn('any any...', (a: Value, ...rest: Value[]) => rest.some((b) => equal(a, b))),
    ne: fn('any any', (a: Value, b: Value) => !equal(a, b)),
    lt: ordered((o) => o < 0),
    le: ordered((o) => o <= 0),
    gt: ordered((o) => o > 0),
    ge: ordered((o) => o >= 0),
  }
}

function length(value: Value): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value))
  if (Array.isArray(value)) return BigInt(value.length)
  if (value instanceof Map) return BigInt(value.size)
  if (value === undefined) throw new Error('len of nil pointer')
  throw new Error(`len of type ${typeName(value)}`)
}

function index(value: Value, ...keys: Value[]): Value {
  return keys.reduce<Value>((at, key) => {
    if (at instanceof Map) return typeof key === 'string' ? at.get(key) : undefined
    if (!Array.isArray(at))
      throw new Error(at === undefined ? 'index of untyped nil' : `can't index item of type ${typeName(at)}`)
    if (typeof key !== 'bigint') throw new Error(`cannot index slice/array with type ${typeName(key)}`)
    if (key < 0n || key >= BigInt(at.length)) throw new Error(`index out of range: ${key}`)
    return at[Number(key)]
  }, value)
}

function slice(value: Value, ...ends: Value[]): Value {
  if (typeof value !== 'string' && !Array.isArray(value)) throw new Error(`can't slice item of type ${typeName(value)}`)
  const [from = 0n, to = BigInt(value.length)] = ends
  if (typeof from !== 'bigint' || typeof to !== 'bigint') throw new Error('cannot index slice/array with such a type')
  if (from < 0n || to > BigInt(value.length)) throw new Error(`index out of range: ${from < 0n ? from : to}`)
  if (from > to) throw new Error(`invalid slice index: ${from} > ${to}`)
  return value.slice(Number(from), Number(to))
}

/** Go's Sprint: a blank between two neither of which is text. */
function print(...values: Value[]): string {
  return values
    .map(
      (v, i) =>
        (i > 0 && typeof v !== 'string' && typeof values[i - 1] !== 'string' ? ' ' : '') +
        (v === undefined ? '<nil>' : show(v)),
    )
    .join('')
}

function kind(value: Value): string {
  if (value === undefined) return 'nil'
  return isGoTime(value) ? 'time' : typeof value
}

function equal(a: Value, b: Value): boolean {
  if (kind(a) !== kind(b)) {
    if (a === undefined || b === undefined) return false
    throw new Error('incompatible types for comparison')
  }
  if (isGoTime(a) && isGoTime(b)) return a.nanos === b.nanos
  if (typeof a === 'object' && a !== null) throw new Error('non-comparable type for comparison')
  return a === b
}

function order(a: Value, b: Value): number {
  if (kind(a) !== kind(b)) throw new Error('incompatible types for comparison')
  if (typeof a === 'boolean' || typeof a === 'object' || a === undefined) throw new Error('invalid type for comparison')
  const other = b as typeof a
  return a < other ? -1 : a > other ? 1 : 0
}

const HTML: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&#34;',
  "'": '&#39;',
  '\0': '\uFFFD',
}

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"'\0]/g, (c) => HTML[c]!)
}

function escapeJs(text: string): string {
  return text.replaceAll(/[\\'"<>&=\x00-\x1f]/g, (c) => {
    if (c === '\\' || c === "'" || c === '"') return `\\${c}`
    return `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
  })
}
