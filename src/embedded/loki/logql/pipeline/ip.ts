interface Address {
  bits: 32 | 128
  value: bigint
}

function parseV4(text: string): bigint | undefined {
  const fields = text.split('.')
  if (fields.length !== 4) return undefined
  let value = 0n
  for (const field of fields) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(field) || Number(field) > 255) return undefined
    value = value * 256n + BigInt(field)
  }
  return value
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const groups = (half: string): bigint[] | undefined => {
    if (half === '') return []
    const out: bigint[] = []
    const parts = half.split(':')
    for (const [i, part] of parts.entries()) {
      const v4 = i === parts.length - 1 && part.includes('.') ? parseV4(part) : undefined
      if (v4 !== undefined) out.push(v4 >> 16n, v4 & 0xffffn)
      else if (/^[\da-fA-F]{1,4}$/.test(part)) out.push(BigInt(`0x${part}`))
      else return undefined
    }
    return out
  }
  const head = groups(halves[0]!)
  const tail = groups(halves[1] ?? '')
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const all = [...head, ...Array.from({ length: missing }, () => 0n), ...tail]
  return all.reduce((value, group) => (value << 16n) | group, 0n)
}

function parseAddress(text: string): Address | undefined {
  if (text.includes(':')) {
    const value = parseV6(text)
    return value === undefined ? undefined : { bits: 128, value }
  }
  const value = parseV4(text)
  return value === undefined ? undefined : { bits: 32, value }
}

/** The addresses from first to last that a pattern means: one, `a-b`, or `a/bits`. Undefined when it means none. */
function parseRange(pattern: string): { bits: number; first: bigint; last: bigint } | undefined {
  const single = parseAddress(pattern)
  if (single !== undefined) return { bits: single.bits, first: single.value, last: single.value }
  const prefix = /^(.*)\/(0|[1-9]\d{0,2})$/.exec(pattern)
  if (prefix !== null) {
    const address = parseAddress(prefix[1]!)
    const free = address === undefined ? -1 : address.bits - Number(prefix[2])
    if (address === undefined || free < 0) return undefined
    const first = (address.value >> BigInt(free)) << BigInt(free)
    return { bits: address.bits, first, last: first + (1n << BigInt(free)) - 1n }
  }
  const [from, to, more] = pattern.split('-')
  const first = parseAddress(from!)
  const last = to === undefined ? undefined : parseAddress(to)
  if (first === undefined || last === undefined || more !== undefined) return undefined
  if (first.bits !== last.bits || first.value > last.value) return undefined
  return { bits: first.bits, first: first.value, last: last.value }
}

const V4_START = /[0-9](?:\.|.\.|..\.)/sy
const V6_START = /::[\da-fA-F]|[\da-fA-F]{1,4}:/y
const V4_SPAN = /[0-9.]*/y
const V6_SPAN = /[0-9a-fA-F:.]*/y

/** Whether a text holds an address of the pattern's. Throws Error when the pattern is none. */
export function compileIp(pattern: string): (text: string) => boolean {
  const range = parseRange(pattern)
  if (range === undefined) throw new Error(`ip: invalid pattern: ${JSON.stringify(pattern)}`)
  const contains = (text: string) => {
    const address = parseAddress(text)
    return address?.bits === range.bits && address.value >= range.first && address.value <= range.last
  }
  const at = (shape: RegExp, text: string, i: number): string | undefined => {
    shape.lastIndex = i
    return shape.exec(text)?.[0]
  }
  return (text) => {
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i)
      if (c < 48 || c > 102) continue
      const v4 = i + 3 < text.length && at(V4_START, text, i) !== undefined
      if (!v4 && at(V6_START, text, i) === undefined) continue
      const span = at(v4 ? V4_SPAN : V6_SPAN, text, i)!
      if (contains(span)) return true
      // As Loki does: the character after a wrong address is passed over too.
      i += span.length
    }
    return false
  }
}
