import { plain, type Read, read, unfit, unreadable } from './read.ts'

/** Fewer are too easily somebody else's; it is also what most screens show. */
const LEAST_DIGITS = 8

/** An id as it was written, and the known one that it means; absent when it means none of them. */
export interface GivenId {
  digits: string
  id?: string
}

/**
 * The id of a trace or a span: whole or its first 8 digits or more, in any case, with quotes, `0x`, a label before
 * it (`trace_id=`), as a UUID, or out of a W3C traceparent. `known` are those that it may be.
 */
export function readId(text: string, kind: 'trace' | 'span', known: readonly string[]): Read<GivenId> {
  const bad = unfit(text)
  if (bad) return bad
  const whole = kind === 'trace' ? 32 : 16
  const form = `Write its ${whole} hexadecimal digits, or the first ${LEAST_DIGITS} of them or more`
  const given = unwrapped(plain(text).toLowerCase())
  const parent = /\b[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}\b/.exec(given)
  if (parent) return found(kind === 'trace' ? parent[1]! : parent[2]!, whole, known, form)
  const bare = given
    .replace(/^(?:the )?(?:trace|span)?[ _.-]?id(?: of (?:the )?(?:trace|span))?\b\s*(?:is\b|[=:])?\s*/, '')
    .replace(/^(?:trace|span)\b\s*[=:]?\s*/, '')
    .replaceAll(/["'`]/g, '')
    .replace(/^0x/, '')
    .replace(/(?:\.\.\.|\u2026|\*)$/, '')
    .replace(/^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/, '$1$2$3$4$5')
    .replace(/[.,;]$/, '')
    .trim()
  const digits = bare.replaceAll(' ', '')
  if (/^[0-9a-f]+(?:\s*(?:,|or|and|;)\s*[0-9a-f]{8,})+$/.test(bare) || digits.length > whole) {
    return unreadable('several', 'is more than one id', form)
  }
  if (!/^[0-9a-f]+$/.test(digits)) return unreadable('not-an-id', 'is no id', form)
  if (/^0+$/.test(digits)) return unreadable('not-an-id', 'is all zeros, which no id is', form)
  return found(digits, whole, known, form)
}

/** Out of a link to it, or the command that shows it. */
function unwrapped(given: string): string {
  const inner = /^<(.*)>$/.exec(given)?.[1] ?? given.replace(/^(?:\$ )?(?:npx )?otel-lab trace +/, '')
  const inLink = /^https?:/.test(inner) ? [...inner.matchAll(/(?<![0-9a-z])[0-9a-f]{16,32}(?![0-9a-z])/g)] : []
  return inLink.length === 1 ? inLink[0]![0] : inner
}

function found(digits: string, whole: number, known: readonly string[], form: string): Read<GivenId> {
  if (digits.length < LEAST_DIGITS) return unreadable('too-short', `has only ${digits.length} digits`, form)
  const exact = known.find((id) => id === digits)
  if (exact !== undefined) return read({ digits, id: exact })
  if (digits.length === whole) return read({ digits })
  const begin = [...new Set(known)].filter((id) => id.startsWith(digits))
  if (begin.length > 1) return unreadable('ambiguous', `is how ${begin.length} ids begin`, 'Write more of its digits')
  return read({ digits, ...(begin[0] === undefined ? {} : { id: begin[0] }) })
}
