import { table } from '../../../../util/table.ts'

/** Texts of literals to values, as the Go functions that Tempo calls read them. Each throws Error with Go's message. */

const MAX_INT64 = 9223372036854775807n
const SECOND = 1_000_000_000n
const UNITS: Record<string, bigint> = table({
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: SECOND,
  m: 60n * SECOND,
  h: 3600n * SECOND,
  d: 24n * 3600n * SECOND,
  w: 7n * 24n * 3600n * SECOND,
  y: 365n * 24n * 3600n * SECOND,
})

/** strconv.Atoi */
export function readInt(text: string): bigint {
  const fail = (why: string) => new Error(`strconv.Atoi: parsing ${JSON.stringify(text)}: ${why}`)
  if (!/^[0-9]+$/.test(text)) throw fail('invalid syntax')
  const value = BigInt(text)
  if (value > MAX_INT64) throw fail('value out of range')
  return value
}

/** strconv.ParseFloat */
export function readFloat(text: string): number {
  const hex = /^0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)$/.exec(text)
  const value = hex
    ? Number.parseInt(`${hex[1]}${hex[2]}`, 16) * 2 ** (Number(hex[3]) - 4 * hex[2]!.length)
    : Number(text)
  if (Number.isNaN(value)) throw new Error(`strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax`)
  if (!Number.isFinite(value)) {
    throw new Error(`strconv.ParseFloat: parsing ${JSON.stringify(text)}: value out of range`)
  }
  return value
}

/**
 * Nanoseconds, or undefined. First Prometheus's form (`1y2w3d4h5m6s7ms`, whole numbers, largest unit first), then
 * Go's (`1.5h`, any order, `ns` and `us` too).
 */
export function readDuration(text: string): bigint | undefined {
  const inOrder = /^(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$/.test(text) && text !== ''
  const parts = [...text.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|[smhdwy])/g)]
  if (parts.length === 0 || parts.map(([whole]) => whole).join('') !== text) return undefined
  let sum = 0n
  for (const [, number, unit] of parts) {
    if (!inOrder && (unit === 'd' || unit === 'w' || unit === 'y')) return undefined
    const [whole = '', fraction = ''] = number!.split('.')
    const scale = UNITS[unit!]!
    sum += BigInt(whole || '0') * scale + (BigInt(fraction || '0') * scale) / 10n ** BigInt(fraction.length)
  }
  return sum > MAX_INT64 ? undefined : sum
}

const ESCAPES: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** strconv.Unquote of `"…"` or a raw string. */
export function unquote(text: string): string {
  const quote = text[0]!
  if (text.length < 2 || !text.endsWith(quote)) throw new Error('invalid syntax')
  const inner = text.slice(1, -1)
  if (quote === '`') {
    if (inner.includes('`')) throw new Error('invalid syntax')
    return inner.replaceAll('\r', '')
  }
  const bytes: number[] = []
  const encoder = new TextEncoder()
  for (const [part] of inner.matchAll(
    /\\x[0-9a-fA-F]{2}|\\[0-7]{3}|\\u[0-9a-fA-F]{4}|\\U[0-9a-fA-F]{8}|\\.|[^\\]+|\\/gs,
  )) {
    if (!part.startsWith('\\')) bytes.push(...encoder.encode(part))
    else if (/^\\x/.test(part) && part.length === 4) bytes.push(Number.parseInt(part.slice(2), 16))
    else if (/^\\[0-7]{3}$/.test(part)) {
      const value = Number.parseInt(part.slice(1), 8)
      if (value > 255) throw new Error('invalid syntax')
      bytes.push(value)
    } else if (/^\\[uU]./.test(part)) {
      const point = Number.parseInt(part.slice(2), 16)
      if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) throw new Error('invalid syntax')
      bytes.push(...encoder.encode(String.fromCodePoint(point)))
    } else {
      const char = part[1] === '\\' || part[1] === '"' ? part[1] : ESCAPES[part[1] ?? '']
      if (char === undefined) throw new Error('invalid syntax')
      bytes.push(char.charCodeAt(0))
    }
  }
  return new TextDecoder().decode(Uint8Array.from(bytes))
}
