import { createHash, createHmac } from 'node:crypto'
import type { AnyValue, KeyValue } from '../../../../otlp/types.ts'
import { type GoPattern, goPattern } from '../../../../util/go-regexp.ts'

export interface Rules {
  ignores(key: string): boolean
  /** Not among the allowed. */
  removes(key: string): boolean
  allows(value: string): boolean
  masksKey(key: string): boolean
  /** All of a value. */
  mask(value: string): string
  /** The parts of a value that are blocked. */
  maskParts(value: string): string
  /** What is no text is looked at as one. */
  allTypes: boolean
  summary: string
}

interface Settings {
  allow_all_keys: boolean
  allowed_keys: string[]
  blocked_key_patterns: string[]
  hash_function: string
  hmac_key: string
  ignored_keys: string[]
  ignored_key_patterns: string[]
  redact_all_types: boolean
  blocked_values: string[]
  allowed_values: string[]
  summary: string
}

const ANY = goPattern('.*')

export function rulesOf(s: Settings): Rules {
  const [ignored, blockedKeys, blocked, allowed] = [
    s.ignored_key_patterns,
    s.blocked_key_patterns,
    s.blocked_values,
    s.allowed_values,
  ].map((patterns) => patterns.map(goPattern)) as [GoPattern[], GoPattern[], GoPattern[], GoPattern[]]
  const some = (patterns: readonly GoPattern[], text: string) => patterns.some(({ test }) => test(text))
  const known = new Set([...s.allowed_keys, ...SUMMARY_KEYS])
  const hidden = hiderOf(s)
  const masked = (value: string, pattern: GoPattern) => pattern.replaceAll(value, '$0', hidden)
  return {
    ignores: (key) => s.ignored_keys.includes(key) || some(ignored, key),
    removes: (key) => !s.allow_all_keys && !known.has(key),
    allows: (value) => some(allowed, value),
    masksKey: (key) => some(blockedKeys, key),
    mask: (value) => masked(value, ANY),
    maskParts: (value) => blocked.reduce((text, pattern) => (pattern.test(text) ? masked(text, pattern) : text), value),
    allTypes: s.redact_all_types,
    summary: s.summary,
  }
}

function hiderOf({ hash_function: name, hmac_key: key }: Settings): (text: string) => string {
  if (name === '') return () => '****'
  if (name.startsWith('hmac-')) return (text) => createHmac(name.slice(5), key).update(text).digest('hex')
  return (text) =>
    createHash(name === 'sha3' ? 'sha3-256' : name)
      .update(text)
      .digest('hex')
}

/** What was done, by the name that the summary has it under. */
export type Did = 'redacted' | 'masked' | 'allowed' | 'ignored'

/** What the real one lets pass of its own. */
const SUMMARY_KEYS = [
  'redaction.redacted.keys',
  'redaction.redacted.count',
  'redaction.masked.keys',
  'redaction.masked.count',
  'redaction.ignored.count',
]

/** Says behind the attributes what was done to them, where a summary is wanted: how many keys, and for `debug` which. */
export function summarized(
  attributes: readonly KeyValue[],
  done: Readonly<Record<Did, string[]>>,
  { summary }: Rules,
  where: '' | 'body.',
): KeyValue[] {
  if (summary !== 'info' && summary !== 'debug') return [...attributes]
  const all = new Map<string, AnyValue>(attributes.map(({ key, value }) => [key, value]))
  for (const what of ['redacted', 'masked', 'allowed', 'ignored'] as const) {
    if (done[what].length === 0) continue
    const [keysKey, countKey] = [`redaction.${where}${what}.keys`, `redaction.${where}${what}.count`]
    if (summary === 'debug' && what !== 'ignored') {
      const before = all.get(keysKey)
      const keys = [...done[what], ...(typeof before === 'string' && before !== '' ? before.split(',') : [])]
      all.set(keysKey, keys.sort().join(','))
    }
    const before = all.get(countKey)
    all.set(countKey, BigInt(done[what].length) + (typeof before === 'bigint' ? before : 0n))
  }
  return [...all].map(([key, value]) => ({ key, value }))
}
