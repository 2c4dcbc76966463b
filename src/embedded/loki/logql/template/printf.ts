import { formatFloat } from '../../../../util/go-format.ts'
import { quote } from '../go/quote.ts'
import { show, typeName, type Value } from './values.ts'

/** Wider than this nothing is padded. */
const MAX_WIDTH = 1000
const VERB = /%([-+# 0]*)(\d+)?(?:\.(\d+)?)?(.)?/gsu

/** Go's Sprintf, for the verbs that make sense here. */
export function sprintf(format: string, values: readonly Value[]): string {
  let used = 0
  const text = format.replaceAll(VERB, (whole, flags: string, width?: string, precision?: string, verb?: string) => {
    if (verb === undefined) return '%!(NOVERB)'
    if (verb === '%') return '%'
    if (used >= values.length) return `%!${verb}(MISSING)`
    const digits = whole.includes('.') ? Number(precision ?? 0) : undefined
    const body = formatOne(verb, flags, digits, values[used++])
    const size = Math.min(Number(width ?? 0), MAX_WIDTH)
    if (flags.includes('-')) return body.padEnd(size)
    if (!flags.includes('0') || verb === 's' || verb === 'q') return body.padStart(size)
    const sign = /^[-+]/.exec(body)?.[0] ?? ''
    return sign + body.slice(sign.length).padStart(size - sign.length, '0')
  })
  if (used >= values.length) return text
  const extra = values.slice(used).map((v) => `${typeName(v)}=${show(v)}`)
  return `${text}%!(EXTRA ${extra.join(', ')})`
}

function formatOne(verb: string, flags: string, digits: number | undefined, value: Value): string {
  const bad = () => `%!${verb}(${typeName(value)}=${show(value)})`
  const signed = (text: string) => (flags.includes('+') && !text.startsWith('-') ? `+${text}` : text)
  if (verb === 'v' || verb === 's') {
    if (verb === 's' && (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean'))
      return bad()
    const text = value === undefined ? '<nil>' : show(value)
    return digits === undefined || typeof value !== 'string' ? text : [...text].slice(0, digits).join('')
  }
  if (verb === 'q' && typeof value === 'string') return quote(value)
  if (verb === 't' && typeof value === 'boolean') return String(value)
  if (verb === 'T') return typeName(value)
  if (typeof value === 'bigint') {
    if (verb === 'd') return signed(String(value))
    const base = { x: 16, X: 16, o: 8, b: 2 }[verb]
    if (base !== undefined) return verb === 'X' ? value.toString(base).toUpperCase() : value.toString(base)
    if (verb === 'c') return String.fromCodePoint(Number(value))
    return bad()
  }
  if (typeof value === 'number') {
    if (verb === 'f' || verb === 'F') return signed(value.toFixed(Math.min(digits ?? 6, 100)))
    if (verb === 'e') return signed(exponent(value.toExponential(Math.min(digits ?? 6, 100))))
    if (verb === 'g')
      return signed(
        digits === undefined
          ? formatFloat(value)
          : exponent(String(Number(value.toPrecision(Math.max(1, Math.min(digits, 100)))))),
      )
    return bad()
  }
  if (verb === 'x' && typeof value === 'string') return Buffer.from(value).toString('hex')
  return bad()
}

const exponent = (text: string) => text.replace(/e([-+])(\d)$/, 'e$10$2')
