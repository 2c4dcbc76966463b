import { stringOf } from '../../otlp/attributes.ts'
import { KeyValueList } from '../../otlp/types.ts'
import { formatFloat } from '../../util/go-format.ts'
import { goTypeOf, type OttlValue, textOf } from '../values.ts'

/** flags, width, precision, verb. */
const VERB = /%([-+ 0#]*)(\d+)?(?:\.(\d+))?(.)?/gs

/** Go's fmt.Sprintf, for the values that OTTL has. */
export function sprintf(format: string, values: readonly OttlValue[]): string {
  let next = 0
  const text = format.replace(VERB, (_, flags: string, width = '', precision?: string, verb?: string) => {
    if (verb === '%') return '%'
    if (verb === undefined) return '%!(NOVERB)'
    if (next >= values.length) return `%!${verb}(MISSING)`
    return padded(shown(values[next++]!, verb, flags, precision), flags, Number(width), verb)
  })
  if (next >= values.length) return text
  const extra = values.slice(next).map((value) => `${nameOf(value)}=${plain(value)}`)
  return `${text}%!(EXTRA ${extra.join(', ')})`
}

function padded(text: string, flags: string, width: number, verb: string): string {
  if (text.length >= width) return text
  if (flags.includes('-')) return text.padEnd(width)
  if (!flags.includes('0') || verb === 's' || verb === 'v' || verb === 'q') return text.padStart(width)
  const sign = /^[-+]/.exec(text)?.[0] ?? ''
  return sign + text.slice(sign.length).padStart(width - sign.length, '0')
}

const nameOf = (value: OttlValue) => (value === null ? '<nil>' : goTypeOf(value))

function shown(value: OttlValue, verb: string, flags: string, precision: string | undefined): string {
  if (verb === 'v') return plain(value)
  if (verb === 'T') return nameOf(value)
  const made = value === null ? undefined : byVerb(value, verb, precision)
  if (made === undefined) return value === null ? `%!${verb}(<nil>)` : `%!${verb}(${nameOf(value)}=${plain(value)})`
  return flags.includes('+') && /^[dfeg]$/.test(verb) && !made.startsWith('-') ? `+${made}` : made
}

/** Undefined where the verb is not for such a value. */
function byVerb(value: Exclude<OttlValue, null>, verb: string, precision: string | undefined): string | undefined {
  if (typeof value === 'bigint') return integer(value, verb)
  if (typeof value === 'number') return float(value, verb, precision)
  if (typeof value === 'boolean') return verb === 't' ? String(value) : undefined
  if (typeof value === 'string' || value instanceof Uint8Array) {
    const text = typeof value === 'string' ? value : Buffer.from(value).toString()
    if (verb === 's') return precision === undefined ? text : [...text].slice(0, Number(precision)).join('')
    if (verb === 'q') return JSON.stringify(text)
    if (verb === 'x' || verb === 'X') {
      const hex = Buffer.from(text).toString('hex')
      return verb === 'x' ? hex : hex.toUpperCase()
    }
    return undefined
  }
  return verb === 's' ? plain(value) : undefined
}

function integer(value: bigint, verb: string): string | undefined {
  if (verb === 'd') return String(value)
  if (verb === 'x') return value.toString(16)
  if (verb === 'X') return value.toString(16).toUpperCase()
  if (verb === 'o') return value.toString(8)
  if (verb === 'b') return value.toString(2)
  if (verb === 'c') return String.fromCodePoint(Number(value))
  return verb === 'q' ? `'${String.fromCodePoint(Number(value))}'` : undefined
}

function float(value: number, verb: string, precision: string | undefined): string | undefined {
  if (verb === 'f' || verb === 'F') return value.toFixed(Number(precision ?? 6))
  if (verb === 'g')
    return precision === undefined ? goFloat(value) : String(Number(value.toPrecision(Number(precision) || 1)))
  if (verb !== 'e') return undefined
  return value.toExponential(Number(precision ?? 6)).replace(/e([-+])(\d)$/, 'e$10$2')
}

/** `%v` of a float64 changes to an exponent from 1e21 on only. */
function goFloat(value: number): string {
  const size = Math.abs(value)
  return size >= 1e6 && size < 1e21 ? String(value) : formatFloat(value)
}

function plain(value: OttlValue): string {
  if (value === null) return '<nil>'
  if (typeof value === 'number') return goFloat(value)
  if (Array.isArray(value)) return `[${value.map(plain).join(' ')}]`
  if (value instanceof Uint8Array) return `[${[...value].join(' ')}]`
  return value instanceof KeyValueList ? stringOf(value) : textOf(value)
}
